package io.karipap.model;

import io.karipap.kernels.Rows;
import java.util.ArrayList;
import java.util.List;

/** Log-probabilities of many short texts, several at a time. */
public final class SequenceScores {
    /** Rows of one step, and so of logits: [256, V] floats. */
    private static final int MAX_ROWS = 256;

    private SequenceScores() {}

    /**
     * What a model says of one text.
     *
     * @param logLikelihoods ln of the probability of every predicted token
     * @param mostProbable whether it is the most probable one
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Scored(double[] logLikelihoods, boolean[] mostProbable) {}

    /**
     * @param sequences token ids; of each the first is given and all others are predicted, at least two
     * @return what the model says of every sequence
     * @throws IllegalArgumentException if a sequence is longer than the context or too short
     */
    public static List<Scored> score(Llama model, List<int[]> sequences) {
        for (int[] sequence : sequences) {
            if (sequence.length < 2 || sequence.length > model.config().maxPositions()) {
                throw new IllegalArgumentException("a sequence has " + sequence.length + " tokens, expected 2 to "
                        + model.config().maxPositions());
            }
        }
        List<Scored> scores = new ArrayList<>();
        int from = 0;
        while (from < sequences.size()) {
            int to = from;
            int rows = 0;
            int positions = 0;
            while (to < sequences.size() && (to == from || rows + sequences.get(to).length - 1 <= MAX_ROWS)) {
                rows += sequences.get(to).length - 1;
                positions += Math.ceilDiv(sequences.get(to).length, KvOptions.DEFAULT_BLOCK_SIZE)
                        * KvOptions.DEFAULT_BLOCK_SIZE;
                to++;
            }
            score(model, sequences.subList(from, to), new KvPool(model.config(), KvOptions.of(positions)), scores);
            from = to;
        }
        return scores;
    }

    private static void score(Llama model, List<int[]> sequences, KvPool pool, List<Scored> scores) {
        Batch batch = new Batch();
        List<KvCache> caches = new ArrayList<>();
        for (int[] sequence : sequences) {
            KvCache cache = new KvCache(pool);
            caches.add(cache);
            for (int i = 0; i < sequence.length - 1; i++) {
                batch.add(sequence[i], i, cache, true);
            }
        }
        Rows logits = model.forward(batch);
        int row = 0;
        for (int[] sequence : sequences) {
            double[] own = new double[sequence.length - 1];
            boolean[] best = new boolean[own.length];
            for (int i = 0; i < own.length; i++) {
                int at = logits.at(row++);
                int size = model.config().vocabularySize();
                own[i] = Perplexity.logLikelihood(logits.data(), at, size, sequence[i + 1]);
                best[i] = isLargest(logits.data(), at, size, sequence[i + 1]);
            }
            scores.add(new Scored(own, best));
        }
        caches.forEach(KvCache::close);
    }

    private static boolean isLargest(float[] logits, int at, int count, int token) {
        for (int i = 0; i < count; i++) {
            if (logits[at + i] > logits[at + token]) {
                return false;
            }
        }
        return true;
    }
}
