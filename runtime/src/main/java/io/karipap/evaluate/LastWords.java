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
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * The last word of passages that need to be read as a whole (LAMBADA, Paperno et al., arXiv 1606.06031): what the model loses on it, and
 * whether every one of its tokens is the most probable one.
 *
 * @param nats −ln of the probability of the word, by passage
 * @param right whether the model would have written it, by passage
 */
public record LastWords(Scores nats, Scores right) {
    private static final int GROUP = 16;

    /**
     * Scores a model.
     *
     * @param file JSON lines with {@code text}, the last word of which is predicted
     * @param limit most passages, from the first on
     * @param start token before each passage: the beginning or end of a text
     * @throws IllegalArgumentException if the file is malformed; the message names it
     */
    public static LastWords measure(
            Transformer model, Tokenizer tokenizer, int start, Path file, int limit, Progress progress)
            throws IOException {
        List<String> passages = read(file, limit);
        double[] nats = new double[passages.size()];
        double[] right = new double[passages.size()];
        for (int from = 0; from < passages.size(); from += GROUP) {
            int to = Math.min(passages.size(), from + GROUP);
            List<Predicted> words = new ArrayList<>();
            for (int i = from; i < to; i++) {
                String passage = passages.get(i);
                String context = passage.substring(0, passage.lastIndexOf(' '));
                int[] before = tokenizer.encode(context, EncodeOptions.PLAIN);
                int[] word = tokenizer.encode(passage.substring(context.length()), EncodeOptions.PLAIN);
                words.add(join(start, before, word, model.config().maxPositions()));
            }
            List<Scored> scores = SequenceScores.score(model, words);
            for (int i = from; i < to; i++) {
                Scored scored = scores.get(i - from);
                boolean all = true;
                for (int t = 0; t < scored.logLikelihoods().length; t++) {
                    nats[i] -= scored.logLikelihoods()[t];
                    all &= scored.mostProbable()[t];
                }
                right[i] = all ? 1 : 0;
            }
            progress.report("last words", to, passages.size());
        }
        return new LastWords(
                Scores.of("last word", "nats", false, nats), Scores.of("last word right", "share", true, right));
    }

    /** Start, context and word; a context that is too long loses its beginning. */
    private static Predicted join(int start, int[] before, int[] word, int maxPositions) {
        int kept = Math.min(before.length, maxPositions - 1 - word.length);
        int[] ids = new int[1 + kept + word.length];
        ids[0] = start;
        System.arraycopy(before, before.length - kept, ids, 1, kept);
        System.arraycopy(word, 0, ids, 1 + kept, word.length);
        return new Predicted(ids, 1 + kept);
    }

    private static List<String> read(Path file, int limit) throws IOException {
        List<String> passages = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (passages.size() == limit) {
                break;
            }
            String text;
            try {
                text = Json.parse(line).required("text").asString().strip();
            } catch (JacksonException e) {
                throw new IllegalArgumentException(file + " has a line without text: " + e.getOriginalMessage(), e);
            }
            if (text.indexOf(' ') < 0) {
                throw new IllegalArgumentException(file + " has a passage of one word: " + text);
            }
            passages.add(text);
        }
        if (passages.isEmpty()) {
            throw new IllegalArgumentException(file + " has no passages");
        }
        return passages;
    }
}
