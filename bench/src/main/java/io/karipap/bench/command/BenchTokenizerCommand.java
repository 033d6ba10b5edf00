package io.karipap.bench.command;

import io.karipap.bench.TokenizerBenchmark;
import io.karipap.cli.option.Home;
import io.karipap.cli.option.TemporaryDirectory;
import io.karipap.cli.option.TextFile;
import io.karipap.environment.BundledText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Encoding speed beside Hugging Face's tokenizers. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description = {
            "Measures encoding with JMH, one thread, beside Hugging Face's tokenizers (Rust, by JNI) in the same run:",
            "a long text, Java source code, mixed scripts, and short strings of fewer than 100 characters."
        })
final class BenchTokenizerCommand implements Callable<Integer> {
    private static final String[] SCRIPTS = {
        "Zażółć gęślą jaźń",
        "Привет, мир",
        "日本語の文章です",
        "안녕하세요 세계",
        "مرحبا بالعالم",
        "שלום עולם",
        "नमस्ते दुनिया",
        "สวัสดีชาวโลก",
        "Γειά σου Κόσμε",
        "plain English words",
        "🙂👍🏽🏳️‍🌈",
        "naïve café déjà vu"
    };

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "tokenizer.json. Default: that of the bundled model.")
    private Path tokenizer;

    @Option(names = "--text", paramLabel = "FILE", description = "Long text. Default: the bundled calibration text.")
    private Path text;

    @Override
    public Integer call() throws Exception {
        Path file = tokenizer == null ? Home.denseModel().resolve("tokenizer.json") : tokenizer;
        try (TemporaryDirectory temporary = TemporaryDirectory.create()) {
            Path work = temporary.path();
            String novel = text == null ? BundledText.calibration() : TextFile.read(text);
            System.out.printf(
                    "%-14s %-12s %10s %10s %14s %8s%n", "text", "library", "MB/s", "µs/call", "bytes/call", "ratio");
            measure("long text", file, write(work, "novel", novel), 1);
            measure("source code", file, write(work, "code", sources()), 1);
            measure("mixed scripts", file, write(work, "mixed", mixedScripts()), 1);
            List<String> strings = shortStrings(novel);
            measure("short strings", file, write(work, "short", String.join("\n", strings)), strings.size());
        }
        return 0;
    }

    private static Path write(Path directory, String name, String content) throws IOException {
        return Files.write(directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        Path root = Home.denseModel().resolve("../../../runtime/src/main/java").normalize();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path source :
                    files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                all.append(Files.readString(source));
            }
        }
        return all.toString();
    }

    private static String mixedScripts() {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder all = new StringBuilder();
        while (all.length() < 100_000) {
            all.append(SCRIPTS[random.nextInt(SCRIPTS.length)]).append(random.nextInt(8) == 0 ? ".\n" : " ");
        }
        return all.toString();
    }

    private static List<String> shortStrings(String novel) {
        List<String> strings = new ArrayList<>();
        for (String sentence : novel.split("[.!?\\n]+")) {
            String stripped = sentence.strip();
            if (stripped.length() > 10 && stripped.length() < 100 && strings.size() < 500) {
                strings.add(stripped);
            }
        }
        return strings;
    }

    private static void measure(String name, Path tokenizer, Path text, int calls) throws IOException, RunnerException {
        long bytes = Files.size(text);
        double peer = 0;
        for (String library : new String[] {"huggingface", "karipap"}) {
            RunResult run = new Runner(new OptionsBuilder()
                            .include(TokenizerBenchmark.class.getName())
                            .param("library", library)
                            .param("tokenizer", tokenizer.toString())
                            .param("text", text.toString())
                            .param("lineByLine", Boolean.toString(calls > 1))
                            .addProfiler(GCProfiler.class)
                            .forks(1)
                            .warmupIterations(5)
                            .warmupTime(TimeValue.seconds(1))
                            .measurementIterations(5)
                            .measurementTime(TimeValue.seconds(1))
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .runSingle();
            double micros = run.getPrimaryResult().getScore();
            Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
            double rate = bytes / micros;
            peer = library.equals("huggingface") ? rate : peer;
            System.out.printf(
                    Locale.ROOT,
                    "%-14s %-12s %10.1f %10.2f %14.0f %8.1f%n",
                    name,
                    library,
                    rate,
                    micros / calls,
                    allocated == null ? Double.NaN : allocated.getScore() / calls,
                    rate / peer);
        }
    }
}
