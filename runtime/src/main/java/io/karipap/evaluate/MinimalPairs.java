package io.karipap.evaluate;

import io.karipap.evaluate.SequenceScores.Predicted;
import io.karipap.evaluate.SequenceScores.Scored;
import io.karipap.json.Json;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Pairs of sentences of which one is grammatical (BLiMP, Warstadt et al., arXiv 1912.00582): a model is right where it gives that one the
 * higher log-probability. Guessing is right in half of them.
 *
 * @param accuracies share of right answers by paradigm
 * @param right by pair, in order: for comparing two models
 */
public record MinimalPairs(Map<String, Double> accuracies, List<Boolean> right) {
    private static final long SEED = 7;

    private record Pair(String paradigm, String good, String bad) {}

    /** Mean over the paradigms. */
    public double accuracy() {
        return accuracies.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    /**
     * Scores a model.
     *
     * @param folder with one JSON lines file a paradigm, each line with {@code sentence_good} and {@code sentence_bad}
     * @param perParadigm how many pairs of each paradigm, drawn with a fixed seed
     * @param start token before each sentence: the beginning or end of a text
     * @throws IllegalArgumentException if a file is malformed; the message names it
     */
    public static MinimalPairs measure(
            Transformer model, Tokenizer tokenizer, int start, Path folder, int perParadigm, Progress progress)
            throws IOException {
        List<Pair> pairs = read(folder, perParadigm);
        Map<String, int[]> counts = new TreeMap<>();
        List<Boolean> right = new ArrayList<>();
        int group = 64;
        for (int from = 0; from < pairs.size(); from += group) {
            List<Pair> part = pairs.subList(from, Math.min(pairs.size(), from + group));
            List<Predicted> sentences = new ArrayList<>();
            for (Pair pair : part) {
                sentences.add(new Predicted(ids(tokenizer, start, pair.good()), 1));
                sentences.add(new Predicted(ids(tokenizer, start, pair.bad()), 1));
            }
            List<Scored> scores = SequenceScores.score(model, sentences);
            for (int i = 0; i < part.size(); i++) {
                boolean correct = sum(scores.get(2 * i)) > sum(scores.get(2 * i + 1));
                right.add(correct);
                int[] count = counts.computeIfAbsent(part.get(i).paradigm(), name -> new int[2]);
                count[0] += correct ? 1 : 0;
                count[1]++;
            }
            progress.report("minimal pairs", Math.min(from + group, pairs.size()), pairs.size());
        }
        Map<String, Double> accuracies = new TreeMap<>();
        counts.forEach((name, count) -> accuracies.put(name, (double) count[0] / count[1]));
        return new MinimalPairs(accuracies, right);
    }

    private static int[] ids(Tokenizer tokenizer, int start, String sentence) {
        int[] text = tokenizer.encode(sentence, EncodeOptions.PLAIN);
        int[] ids = new int[text.length + 1];
        ids[0] = start;
        System.arraycopy(text, 0, ids, 1, text.length);
        return ids;
    }

    private static double sum(Scored scored) {
        return Arrays.stream(scored.logLikelihoods()).sum();
    }

    /** The same by pair. */
    public Scores scores() {
        return Scores.of(
                "minimal pairs",
                "share",
                true,
                right.stream().mapToDouble(each -> each ? 1 : 0).toArray());
    }

    private static List<Pair> read(Path folder, int perParadigm) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(folder + " has no .jsonl files of minimal pairs");
        }
        List<Pair> pairs = new ArrayList<>();
        for (Path file : files) {
            String paradigm = file.getFileName().toString().replace(".jsonl", "");
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            Collections.shuffle(lines, new Random(SEED));
            for (String line : lines.subList(0, Math.min(perParadigm, lines.size()))) {
                try {
                    JsonNode node = Json.parse(line);
                    pairs.add(new Pair(
                            paradigm,
                            node.required("sentence_good").asString(),
                            node.required("sentence_bad").asString()));
                } catch (JacksonException e) {
                    throw new IllegalArgumentException(
                            file + " has a line without sentence_good and sentence_bad: " + e.getOriginalMessage(), e);
                }
            }
        }
        return pairs;
    }
}
