package io.karipap.cli;

import io.karipap.generate.EngineOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.server.KaripapServer;
import io.karipap.server.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a model over HTTP. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves a model at an OpenAI-compatible endpoint until it is interrupted.",
        footer = {
            "",
            "Example: karipap serve --port 8080",
            "then:    curl -N http://127.0.0.1:8080/v1/completions -H 'Content-Type: application/json' \\",
            "           -d '{\"model\":\"tales-small\",\"prompt\":\"Once upon a time\",\"max_tokens\":50,\"stream\":true}'"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private ListenOption listen;

    @Option(
            names = "--max-running",
            paramLabel = "N",
            defaultValue = "32",
            description = "Most requests computed together. Default: ${DEFAULT-VALUE}.")
    private int maxRunning;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most requests that wait; one more gets 429. Default: ${DEFAULT-VALUE}.")
    private int maxWaiting;

    @Option(
            names = "--step-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Most tokens computed in one step. Default: ${DEFAULT-VALUE}.")
    private int stepTokens;

    @Option(
            names = "--kv-positions",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Most positions in the KV cache, over all requests. Default: ${DEFAULT-VALUE}.")
    private int kvPositions;

    @Override
    public Integer call() throws Exception {
        ServerOptions options = listen.serverOptions();
        EngineOptions engine = new EngineOptions(maxRunning, maxWaiting, stepTokens, kvPositions);
        LanguageModel languageModel = model.load(engine);
        try (KaripapServer server = KaripapServer.start(languageModel, options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "karipap-shutdown"));
            System.out.printf(
                    "serving %s (%s kernels, %d threads) at http://%s:%d/v1, Ctrl-C ends%n",
                    languageModel.name(),
                    languageModel.llama().kernelName(),
                    languageModel.llama().threads(),
                    listen.host(),
                    server.port());
            server.awaitClose();
        }
        return 0;
    }
}
