package io.karipap.cli;

import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ModelOption;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.cli.option.TextFile;
import io.karipap.evaluate.Documents;
import io.karipap.evaluate.LastWords;
import io.karipap.evaluate.MinimalPairs;
import io.karipap.evaluate.PairedBootstrap;
import io.karipap.evaluate.Scores;
import io.karipap.evaluate.SecondHalves;
import io.karipap.evaluate.Windows;
import io.karipap.json.Json;
import io.karipap.load.LoadedModel;
import io.karipap.model.Progress;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Measures how good a model is, and whether another is better. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures how well a model predicts texts and last words, and knows grammatical sentences from others, and prints",
            "JSON or a table. With --compare, a second model too, and whether the difference is more than chance: 95 %% interval",
            "by a paired bootstrap over the windows, documents, passages or pairs.",
            "Line ends are read as \\n and a byte order mark is skipped; special tokens in the text are parsed."
        },
        footer = {
            "",
            "Examples:",
            "  karipap eval --model compressor/models/tales --text story.txt",
            "  karipap eval --model compressor/models/tales --compare /tmp/tales-0.5 --table \\",
            "    --text story.txt --stride 128 --last-words lambada.jsonl --pairs-folder blimp --pairs 100",
            "  karipap eval --model model --text wiki.test.raw --context 512 --score second-half --chunks 50"
        })
final class EvalCommand implements Callable<Integer> {

    @Mixin
    private ModelOption model;

    @Option(
            names = "--compare",
            paramLabel = ModelLocation.LABEL,
            description = "Another model, with a vocabulary of its own or the same.")
    private ModelLocation other;

    @Option(names = "--text", paramLabel = "FILE", description = "UTF-8 text; may be given several times.")
    private List<Path> texts = List.of();

    @Option(
            names = {"--window", "--context"},
            paramLabel = "N",
            defaultValue = "512",
            description = "Most tokens that the model sees. Default: ${DEFAULT-VALUE}.")
    private int window;

    /** Which tokens of a window are predicted. */
    private enum Scored {
        ALL,
        SECOND_HALF;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--score",
            paramLabel = "PART",
            defaultValue = "all",
            converter = ScoredConverter.class,
            description = {
                "all: every token of a window but its first. second-half: those after the middle, each window beginning with",
                "the model's beginning-of-sequence token, exactly as llama.cpp's llama-perplexity counts. Default: ${DEFAULT-VALUE}."
            })
    private Scored scored;

    private static final class ScoredConverter implements ITypeConverter<Scored> {
        @Override
        public Scored convert(String value) {
            for (Scored each : Scored.values()) {
                if (each.toString().equals(value)) {
                    return each;
                }
            }
            throw new TypeConversionException("expected all or second-half but was '" + value + "'");
        }
    }

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "" + Integer.MAX_VALUE,
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Most windows of --score second-half. Default: the whole text.")
    private int chunks;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description = {
                "Score documents (parts between special tokens) one by one in a window that slides by N tokens.",
                "Default: windows that do not overlap, over the whole text."
            })
    private Integer stride;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Stop after so many tokens of every text. Default: the whole text.")
    private Long maxTokens;

    @Option(
            names = "--last-words",
            paramLabel = "FILE",
            description = "Passages whose last word is predicted (LAMBADA): JSON lines with text.")
    private Path lastWords;

    @Option(
            names = "--passages",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Passages used of them. Default: ${DEFAULT-VALUE}.")
    private int passages;

    @Option(
            names = "--pairs-folder",
            paramLabel = "DIR",
            description = "Minimal pairs (BLiMP): JSON lines with sentence_good and sentence_bad, one file a paradigm.")
    private Path pairs;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Pairs used of every paradigm, drawn with a fixed seed. Default: ${DEFAULT-VALUE}.")
    private int pairsPerParadigm;

    @Option(names = "--table", description = "Print a Markdown table instead of JSON.")
    private boolean table;

    /** What one model got. */
    private record Result(String model, List<Scores> scores, Map<String, Double> bytesPerToken, MinimalPairs pairs) {}

    @Override
    public Integer call() throws Exception {
        if (window < 1 || passages < 1 || pairsPerParadigm < 1 || chunks < 1) {
            throw new IllegalArgumentException("--window, --passages, --pairs and --chunks must be at least 1");
        }
        if (scored == Scored.SECOND_HALF && (stride != null || maxTokens != null)) {
            throw new IllegalArgumentException(
                    "--score second-half counts whole windows: use --chunks instead of --stride or --max-tokens");
        }
        if (texts.isEmpty() && lastWords == null && pairs == null) {
            throw new IllegalArgumentException("nothing to measure: name --text, --last-words or --pairs-folder");
        }
        List<Result> results = new ArrayList<>();
        try (LoadedModel first = model.loadAlone()) {
            results.add(measure(first));
        }
        if (other != null) {
            try (LoadedModel second = model.loadAlone(other.path())) {
                results.add(measure(second));
            }
        }
        System.out.print(table ? table(results) : json(results));
        return 0;
    }

    private Result measure(LoadedModel loaded) throws IOException {
        List<Scores> scores = new ArrayList<>();
        Map<String, Double> bytesPerToken = new TreeMap<>();
        MinimalPairs measuredPairs = null;
        try (ProgressDisplay progress = new ProgressDisplay()) {
            for (Path text : texts) {
                Scores measured = text(loaded, text, progress, bytesPerToken);
                scores.add(measured);
            }
            if (lastWords != null) {
                LastWords measured = LastWords.measure(
                        loaded.transformer(), loaded.tokenizer(), loaded.startToken(), lastWords, passages, progress);
                scores.add(measured.nats());
                scores.add(measured.right());
            }
            if (pairs != null) {
                measuredPairs = MinimalPairs.measure(
                        loaded.transformer(),
                        loaded.tokenizer(),
                        loaded.startToken(),
                        pairs,
                        pairsPerParadigm,
                        progress);
                scores.add(measuredPairs.scores());
            }
        }
        return new Result(loaded.name(), scores, bytesPerToken, measuredPairs);
    }

    private Scores text(LoadedModel loaded, Path file, Progress progress, Map<String, Double> bytesPerToken)
            throws IOException {
        String task = file.getFileName().toString();
        if (scored == Scored.SECOND_HALF) {
            SecondHalves.Text text = SecondHalves.Text.of(loaded.tokenizer(), TextFile.read(file));
            bytesPerToken.put(task, bytesPerToken(loaded, text.ids()));
            return SecondHalves.measure(loaded.transformer(), task, text, window, chunks, progress);
        }
        int[] all = loaded.tokenizer().encode(TextFile.read(file), EncodeOptions.PARSED);
        long limit = maxTokens == null ? Long.MAX_VALUE : maxTokens;
        int[] ids = Arrays.copyOf(all, (int) Math.min(all.length, limit == Long.MAX_VALUE ? limit : limit + 1));
        bytesPerToken.put(task, bytesPerToken(loaded, ids));
        if (stride == null) {
            return Windows.measure(loaded.transformer(), task, ids, window, limit, progress);
        }
        List<int[]> documents = Documents.split(ids, loaded.tokenizer()::isSpecial);
        return Documents.measure(
                loaded.transformer(),
                task,
                documents,
                loaded.startToken(),
                new Documents.Sliding(window, stride),
                progress);
    }

    /** Mean bytes of the tokens after the first. */
    private static double bytesPerToken(LoadedModel loaded, int[] ids) {
        long bytes = 0;
        for (int i = 1; i < ids.length; i++) {
            bytes += loaded.tokenizer().tokenBytes(ids[i]).length;
        }
        return (double) bytes / Math.max(1, ids.length - 1);
    }

    private static boolean isText(Scores scores) {
        return scores.unit().equals("nats/token");
    }

    private String json(List<Result> results) {
        ObjectNode root = Json.object();
        ArrayNode models = root.putArray("models");
        for (Result result : results) {
            ObjectNode each = models.addObject().put("model", result.model());
            ArrayNode tasks = each.putArray("tasks");
            for (Scores scores : result.scores()) {
                ObjectNode task = tasks.addObject()
                        .put("task", scores.task())
                        .put("unit", scores.unit())
                        .put("mean", scores.mean())
                        .put("items", scores.items());
                if (isText(scores)) {
                    task.put("tokens", (long) Arrays.stream(scores.weights()).sum());
                    task.put("perplexity", Math.exp(scores.mean()));
                    task.put(
                            "bits_per_byte",
                            scores.mean() / Math.log(2) / result.bytesPerToken().get(scores.task()));
                }
            }
            if (result.pairs() != null) {
                ObjectNode paradigms = each.putObject("paradigms");
                result.pairs().accuracies().forEach(paradigms::put);
            }
        }
        if (results.size() == 2) {
            ArrayNode comparisons = root.putArray("comparison");
            for (int i = 0; i < results.getFirst().scores().size(); i++) {
                PairedBootstrap compared = compare(results, i);
                comparisons
                        .addObject()
                        .put("task", results.getFirst().scores().get(i).task())
                        .put("difference", compared.difference())
                        .put("low", compared.low())
                        .put("high", compared.high())
                        .put("significant", compared.significant());
            }
        }
        return Json.pretty(root) + "\n";
    }

    private static PairedBootstrap compare(List<Result> results, int task) {
        return PairedBootstrap.compare(
                results.get(0).scores().get(task), results.get(1).scores().get(task));
    }

    private static String table(List<Result> results) {
        StringBuilder text = new StringBuilder("| task | items | unit |");
        results.forEach(result -> text.append(" ").append(result.model()).append(" |"));
        text.append(results.size() == 2 ? " difference | 95 % | better |\n" : "\n");
        text.append("|---".repeat(3 + results.size() + (results.size() == 2 ? 3 : 0)))
                .append("|\n");
        List<Scores> first = results.getFirst().scores();
        for (int i = 0; i < first.size(); i++) {
            Scores scores = first.get(i);
            text.append(String.format(Locale.ROOT, "| %s | %d | %s |", scores.task(), scores.items(), scores.unit()));
            for (Result result : results) {
                double mean = result.scores().get(i).mean();
                text.append(
                        isText(scores)
                                ? String.format(Locale.ROOT, " %.4f (perplexity %.2f) |", mean, Math.exp(mean))
                                : String.format(Locale.ROOT, " %.4f |", mean));
            }
            if (results.size() == 2) {
                PairedBootstrap compared = compare(results, i);
                boolean secondIsBetter = compared.difference() > 0 == scores.higherIsBetter();
                text.append(String.format(
                        Locale.ROOT,
                        " %+.4f | %+.4f … %+.4f | %s |",
                        compared.difference(),
                        compared.low(),
                        compared.high(),
                        compared.significant()
                                ? results.get(secondIsBetter ? 1 : 0).model()
                                : "not known"));
            }
            text.append("\n");
        }
        return text.toString();
    }
}
