package io.karipap.evaluate;

import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Transformer;
import java.util.ArrayList;
import java.util.List;

/** Log-probabilities of many short texts, several at a time. */
public final class SequenceScores {
    /** Rows of one step, and at most of logits: [256, V] floats. */
    private static final int MAX_ROWS = 256;

    private SequenceScores() {}

    /**
     * A text, and which of its tokens are to be predicted.
     *
     * @param ids tokens
     * @param from the first that is predicted, at least 1; all after it are too
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Predicted(int[] ids, int from) {
        /** @throws IllegalArgumentException if no token is predicted, or the first one */
        public Predicted {
            if (from < 1 || from >= ids.length) {
                throw new IllegalArgumentException(
                        "a sequence has " + ids.length + " tokens, those from " + from + " on cannot be predicted");
            }
        }
    }

    /**
     * What a model says of one text.
     *
     * @param logLikelihoods ln of the probability of every predicted token
     * @param mostProbable whether it is the most probable one
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Scored(double[] logLikelihoods, boolean[] mostProbable) {
        private Scored(int tokens) {
            this(new double[tokens], new boolean[tokens]);
        }
    }

    /**
     * Scores texts.
     *
     * @return what the model says of every one
     * @throws IllegalArgumentException if one is longer than the context
     */
    public static List<Scored> score(Transformer model, List<Predicted> texts) {
        for (Predicted text : texts) {
            if (text.ids().length > model.config().maxPositions()) {
                throw new IllegalArgumentException("a sequence has " + text.ids().length + " tokens, expected at most "
                        + model.config().maxPositions());
            }
        }
        List<Scored> scores = new ArrayList<>();
        int from = 0;
        while (from < texts.size()) {
            int to = from;
            int rows = 0;
            int positions = 0;
            while (to < texts.size() && (to == from || rows + texts.get(to).ids().length - 1 <= MAX_ROWS)) {
                int length = texts.get(to).ids().length;
                rows += length - 1;
                positions += Math.ceilDiv(length, KvOptions.DEFAULT_BLOCK_SIZE) * KvOptions.DEFAULT_BLOCK_SIZE;
                to++;
            }
            score(model, texts.subList(from, to), new KvPool(model.config(), KvOptions.of(positions)), scores);
            from = to;
        }
        return scores;
    }

    private static void score(Transformer model, List<Predicted> texts, KvPool pool, List<Scored> scores) {
        Batch batch = new Batch();
        List<KvCache> caches = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (Predicted text : texts) {
            KvCache cache = new KvCache(pool);
            caches.add(cache);
            Scored scored = new Scored(text.ids().length - text.from());
            scores.add(scored);
            for (int i = 0; i < text.ids().length - 1; i++) {
                boolean predicts = i + 1 >= text.from();
                batch.add(text.ids()[i], i, cache, predicts);
                if (predicts) {
                    rows.add(new Row(scored, i + 1 - text.from(), text.ids()[i + 1]));
                }
            }
        }
        Rows logits = model.forward(batch);
        int vocabulary = model.config().vocabularySize();
        model.parallel((part, parts) -> {
            for (int row = part; row < rows.size(); row += parts) {
                rows.get(row).score(logits.data(), logits.at(row), vocabulary);
            }
        });
        caches.forEach(KvCache::close);
    }

    /** Where the score of a row of logits goes. */
    private record Row(Scored scored, int index, int token) {
        void score(float[] logits, int at, int vocabulary) {
            scored.logLikelihoods[index] = Perplexity.logLikelihood(logits, at, vocabulary, token);
            scored.mostProbable[index] = isLargest(logits, at, vocabulary, token);
        }
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
