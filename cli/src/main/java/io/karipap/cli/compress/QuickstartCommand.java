package io.karipap.cli.compress;

import io.karipap.budget.Budget;
import io.karipap.cli.option.Home;
import io.karipap.cli.option.ListenOption;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.Compressor;
import io.karipap.directory.ModelSize;
import io.karipap.environment.BundledText;
import io.karipap.evaluate.ModelSpeed;
import io.karipap.evaluate.Perplexity;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.generate.LanguageModel;
import io.karipap.json.Json;
import io.karipap.load.LoadedModel;
import io.karipap.server.KaripapServer;
import io.karipap.server.ServedModel;
import io.karipap.server.ServerOptions;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** From nothing to a served compressed model. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "Compresses the bundled model, shows what it costs and saves, serves it, and sends it a first request.",
            "The compressed model is kept and used again at the next start."
        })
final class QuickstartCommand implements Callable<Integer> {
    private static final int EVALUATION_TOKENS = 8192;
    private static final String PROMPT = "Once upon a time";

    @Option(
            names = "--params",
            paramLabel = "R",
            defaultValue = "0.5",
            description = "Parameter ratio. Default: ${DEFAULT-VALUE}.")
    private double params;

    @Mixin
    private ListenOption listen;

    private record Measured(ModelSize size, Perplexity perplexity, ModelSpeed speed) {}

    @Override
    public Integer call() throws Exception {
        Budget budget = new Budget.ParameterRatio(params);
        ServerOptions options = listen.serverOptions();
        long start = System.nanoTime();
        Path dense = Home.denseModel();
        Path compressed = Home.cache().resolve(String.format(Locale.ROOT, "tales-%s", params));
        boolean reused = Files.isDirectory(compressed);
        Measured before;
        Measured after;
        try (ProgressDisplay progress = new ProgressDisplay()) {
            if (!reused) {
                CompressionOptions quick =
                        CompressionOptions.within(budget).sensitivities(false).build();
                Compressor.compress(dense, compressed, quick, progress);
            }
            before = measure(dense, "measure dense", progress);
            after = measure(compressed, "measure compressed", progress);
        }
        printTable(before, after);
        System.out.printf(
                Locale.ROOT,
                "%s in %.1f s (%s)%n",
                reused ? "measured the model compressed before" : "compressed and measured",
                (System.nanoTime() - start) / 1e9,
                compressed);
        LanguageModel model = LanguageModel.load(compressed);
        try (KaripapServer server = KaripapServer.start(ServedModel.of(model), options)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "karipap-shutdown"));
            System.out.printf(
                    "serving %s at http://%s:%d/v1, a page to try it at /%n",
                    model.name(), listen.host(), server.port());
            System.out.printf("POST /v1/completions \"%s\" → %s%n", PROMPT, PROMPT + ask(server.port(), model.name()));
            System.out.println("Ctrl-C ends");
            server.awaitClose();
        }
        return 0;
    }

    private static Measured measure(Path directory, String stage, ProgressDisplay progress) throws IOException {
        ModelSize size;
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory))) {
            size = ModelSize.of(store);
        }
        try (LoadedModel model = LoadedModel.load(directory)) {
            int[] ids = model.tokenizer().encode(BundledText.evaluation(), EncodeOptions.PARSED);
            long total = Math.min(EVALUATION_TOKENS, ids.length - 1);
            Perplexity perplexity = Perplexity.measure(
                    model.transformer(), ids, 512, total, done -> progress.report(stage, Math.min(done, total), total));
            return new Measured(size, perplexity, ModelSpeed.measure(model.transformer(), 256, 128, 3));
        }
    }

    private static void printTable(Measured before, Measured after) {
        System.out.printf("%-28s %14s %14s %8s%n", "", "dense", "compressed", "ratio");
        row("parameters", before.size().parameters(), after.size().parameters(), "%,14.0f");
        row("bytes", before.size().bytes(), after.size().bytes(), "%,14.0f");
        row("perplexity", before.perplexity().perplexity(), after.perplexity().perplexity(), "%14.2f");
        row("prompt tokens/s", before.speed().promptRate(), after.speed().promptRate(), "%14.0f");
        row("generated tokens/s", before.speed().generationRate(), after.speed().generationRate(), "%14.0f");
    }

    private static void row(String name, double before, double after, String format) {
        System.out.printf(
                Locale.ROOT, "%-28s " + format + " " + format + " %8.2f%n", name, before, after, after / before);
    }

    /** Sends one real request through the server and returns the text of its answer. */
    private String ask(int boundPort, String model) throws IOException, InterruptedException {
        ObjectNode body = Json.object();
        body.put("model", model);
        body.put("prompt", PROMPT);
        body.put("max_tokens", 60);
        body.put("temperature", 0.7);
        body.put("seed", 1);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + listen.host() + ":" + boundPort + "/v1/completions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("the server answered " + response.statusCode() + ": " + response.body());
            }
            return Json.parse(response.body())
                    .path("choices")
                    .path(0)
                    .path("text")
                    .asString("");
        }
    }
}
