package io.karipap.cli;

import io.karipap.cli.option.AccessOption;
import io.karipap.cli.option.ChatTemplateOption;
import io.karipap.cli.option.EngineOption;
import io.karipap.cli.option.GenerationConfigOption;
import io.karipap.cli.option.ListenOption;
import io.karipap.cli.option.ModelOption;
import io.karipap.generate.EngineOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.server.KaripapServer;
import io.karipap.server.ServedModel;
import io.karipap.server.ServerOptions;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a model over HTTP. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Serves a model at an OpenAI-compatible endpoint until it is interrupted; then running requests may end.",
        footer = {
            "",
            "Every option may also come from the environment (KARIPAP_SERVE_MAX_RUNNING for --max-running) or from the file",
            "that --config names (max-running = 16, one a line). The command line comes first, then the environment, then the",
            "file.",
            "",
            "Example: karipap serve --port 8080",
            "then:    curl -N http://127.0.0.1:8080/v1/completions -H 'Content-Type: application/json' \\",
            "           -d '{\"model\":\"tales-small\",\"prompt\":\"Once upon a time\",\"max_tokens\":50,\"stream\":true}'",
            "or open  http://127.0.0.1:8080 in a browser"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private ListenOption listen;

    @Option(
            names = ServeDefaults.CONFIG,
            paramLabel = "FILE",
            description = "Options from a file, one a line: name = value.")
    private Path config;

    @Option(
            names = "--alias",
            paramLabel = "NAME",
            split = ",",
            description = "Another name by which clients may ask for the model; may be given several times.")
    private List<String> aliases = List.of();

    @Mixin
    private ChatTemplateOption chatTemplate;

    @Mixin
    private GenerationConfigOption generationConfig;

    @Mixin
    private EngineOption engine;

    @Mixin
    private AccessOption access;

    @Override
    public Integer call() throws Exception {
        ServerOptions options = ServerOptions.builder()
                .host(listen.host())
                .port(listen.port())
                .limits(access.limits())
                .timeouts(access.timeouts())
                .access(access.access())
                .build();
        EngineOptions limits = engine.engineOptions();
        Optional<ChatTemplate> template = chatTemplate.load(model);
        try (KaripapServer server = KaripapServer.listen(options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "karipap-shutdown"));
            LanguageModel languageModel = model.load(limits);
            ServedModel.Builder served = ServedModel.builder(languageModel)
                    .aliases(aliases)
                    .defaults(generationConfig.of(languageModel.defaults()));
            template.ifPresent(served::chatTemplate);
            server.serve(served.build());
            System.out.printf(
                    "serving %s (%s kernels, %d threads) at %s://%s:%d/v1, Ctrl-C ends%n",
                    languageModel.name(),
                    languageModel.kernelName(),
                    languageModel.threads(),
                    options.access().tls().isPresent() ? "https" : "http",
                    listen.host(),
                    server.port());
            server.awaitClose();
        }
        return 0;
    }
}
