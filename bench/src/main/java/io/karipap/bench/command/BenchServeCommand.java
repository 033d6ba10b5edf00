package io.karipap.bench.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.karipap.bench.EngineTarget;
import io.karipap.bench.HttpTarget;
import io.karipap.bench.LoadGenerator;
import io.karipap.bench.LoadPlan;
import io.karipap.bench.LoadPlot;
import io.karipap.bench.LoadReport;
import io.karipap.bench.LoadReport.Percentiles;
import io.karipap.bench.LoadTarget;
import io.karipap.bench.PrefixReport;
import io.karipap.bench.Prompts;
import io.karipap.cli.option.EngineOption;
import io.karipap.cli.option.ModelOption;
import io.karipap.environment.BundledText;
import io.karipap.generate.LanguageModel;
import io.karipap.json.Json;
import io.karipap.server.KaripapServer;
import io.karipap.server.ServedModel;
import io.karipap.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Latency and throughput under load. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Measures an OpenAI-compatible server under load: time to the first token, time between tokens, whole time,",
            "throughput, and requests/s that keep given targets. Without --url, the model is loaded here and measured at its",
            "engine, then through HTTP."
        },
        footer = {
            "",
            "Example: karipap bench serve --concurrency 1,4,16,64 --prompt-tokens 64 --max-tokens 64",
            "         karipap bench serve --url http://127.0.0.1:8080/v1 --rate 5,10,20 --goodput-ttft 200"
        })
final class BenchServeCommand implements Callable<Integer> {
    private static final int PREFIX_PAIRS = 9;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Base of the API, as http://127.0.0.1:8080/v1. Default: a server in this process.")
    private String url;

    @Option(
            names = "--served-model",
            paramLabel = "NAME",
            description = "Model to ask the server for. Default: its first.")
    private String servedModel;

    @Option(names = "--api-key", paramLabel = "KEY", description = "Key to show the server.")
    private String apiKey;

    @Mixin
    private ModelOption model;

    @Mixin
    private EngineOption engine;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,4,16,64",
            description = "Clients that each ask again as soon as they are answered. Default: ${DEFAULT-VALUE}.")
    private List<Integer> concurrency;

    @Option(
            names = "--rate",
            paramLabel = "R",
            split = ",",
            description = "Requests/s that arrive at random, instead of a fixed number of clients.")
    private List<Double> rates = List.of();

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "About how many tokens a prompt has. Default: ${DEFAULT-VALUE}.")
    private int promptTokens;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many tokens a text has. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--prefix-tokens",
            paramLabel = "N",
            description = "Also measure how much sooner the first token comes for a known beginning of N tokens.")
    private int prefixTokens;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "How long every load is counted. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long every load goes on before it is counted. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--goodput-ttft",
            paramLabel = "MS",
            description = "A good request's first token comes in this time.")
    private Double targetFirstToken;

    @Option(
            names = "--goodput-tpot",
            paramLabel = "MS",
            description = "A good request's other tokens take this on average.")
    private Double targetPerToken;

    @Option(names = "--goodput-e2e", paramLabel = "MS", description = "A good request is complete in this time.")
    private Double targetTotal;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "Text of which prompts are made. Default: the bundled evaluation text.")
    private Path text;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there as JSON too.")
    private Path json;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw them there, as PNG.")
    private Path plot;

    /** Everything that was measured. */
    private record Results(List<LoadReport> loads, List<PrefixReport> prefixes) {}

    @Override
    public Integer call() throws Exception {
        if (concurrency.stream().anyMatch(n -> n < 1) || rates.stream().anyMatch(r -> !(r > 0))) {
            throw new IllegalArgumentException("--concurrency and --rate must be above 0");
        }
        Results results = new Results(new ArrayList<>(), new ArrayList<>());
        Prompts prompts = new Prompts(text == null ? BundledText.evaluation() : Files.readString(text));
        System.out.println(
                "| target | load | requests/s | good/s | tokens/s | first token, ms p50 / p90 / p99 | "
                        + "per token, ms p50 / p99 | between tokens, ms p50 / p99 | whole, ms p50 / p99 | max/min tokens | errors |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        if (url != null) {
            try (LoadTarget target = new HttpTarget(url, servedModel, apiKey)) {
                measure(target, prompts, results);
            }
        } else {
            measureOwn(prompts, results);
        }
        printPrefixes(results.prefixes());
        if (json != null) {
            Files.writeString(json, Json.pretty(results) + "\n");
        }
        if (plot != null) {
            LoadPlot.write(results.loads(), plot);
        }
        return 0;
    }

    /** The engine's thread is that of the server, which is idle while the engine is measured. */
    private void measureOwn(Prompts prompts, Results results) throws IOException, InterruptedException {
        LanguageModel languageModel = model.load(engine.engineOptions());
        ((Logger) LoggerFactory.getLogger("io.karipap.requests")).setLevel(Level.WARN);
        try (KaripapServer server =
                KaripapServer.start(ServedModel.of(languageModel), ServerOptions.of("127.0.0.1", 0))) {
            try (LoadTarget target = new EngineTarget(languageModel)) {
                measure(target, prompts, results);
            }
            try (LoadTarget target = new HttpTarget("http://127.0.0.1:" + server.port() + "/v1", null, null)) {
                measure(target, prompts, results);
            }
        }
    }

    private void measure(LoadTarget target, Prompts prompts, Results results) {
        LoadPlan plan = new LoadPlan(
                promptTokens,
                maxTokens,
                Duration.ofSeconds(warmUp),
                Duration.ofSeconds(seconds),
                new LoadPlan.Targets(limit(targetFirstToken), limit(targetPerToken), limit(targetTotal)));
        LoadGenerator generator = new LoadGenerator(target, prompts, plan);
        if (rates.isEmpty()) {
            concurrency.forEach(clients -> report(generator.closedLoop(clients), results));
        } else {
            rates.forEach(rate -> report(generator.poisson(rate), results));
        }
        if (prefixTokens > 0) {
            results.prefixes().add(generator.prefix(PREFIX_PAIRS, prefixTokens));
        }
    }

    private static OptionalDouble limit(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static void report(LoadReport report, Results results) {
        results.loads().add(report);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %.0f | %.1f / %.1f / %.1f | %s | %s | %s | %.2f | %s |%n",
                report.target(),
                report.concurrency() > 0 ? report.concurrency() + " clients" : report.rate() + "/s",
                report.requestRate(),
                report.goodput(),
                report.tokenRate(),
                report.firstToken().p50(),
                report.firstToken().p90(),
                report.firstToken().p99(),
                ends(report.perToken()),
                ends(report.interToken()),
                ends(report.total()),
                report.fairness(),
                report.errors().isEmpty() ? "" : report.errors());
    }

    private static String ends(Percentiles percentiles) {
        return String.format(Locale.ROOT, "%.2f / %.2f", percentiles.p50(), percentiles.p99());
    }

    private static void printPrefixes(List<PrefixReport> reports) {
        if (reports.isEmpty()) {
            return;
        }
        System.out.println();
        System.out.println(
                "| target | prompt tokens | cached the second time | first token, ms, new | known | share |");
        System.out.println("|---|---|---|---|---|---|");
        for (PrefixReport each : reports) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %.1f | %.1f | %.0f %% |%n",
                    each.target(),
                    each.promptTokens(),
                    each.cachedTokens(),
                    each.first().p50(),
                    each.second().p50(),
                    100 * each.second().p50() / each.first().p50());
        }
    }
}
