package io.karipap.evaluate;

import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Transformer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * How well a model predicts a text: the mean negative log-likelihood of its tokens, in windows that do not overlap. Each window starts
 * with an empty context; its first token is given, not predicted.
 *
 * @param tokens tokens predicted
 * @param nats their negative log-likelihood, summed
 */
public record Perplexity(long tokens, double nats) {
    /** Rows whose logits are computed at a time: [64, V] floats. */
    private static final int CHUNK = 64;

    /** e^(nats per token). */
    public double perplexity() {
        return Math.exp(natsPerToken());
    }

    public double natsPerToken() {
        return nats / tokens;
    }

    /**
     * Scores a text.
     *
     * @param ids its tokens
     * @param window tokens predicted in a window; its context then has as many positions
     * @param maxTokens most tokens to predict; whole windows only, unless the text is shorter than one
     * @param progress hears the number of tokens done
     * @throws IllegalArgumentException if the text has fewer than two tokens
     */
    public static Perplexity measure(Transformer model, int[] ids, int window, long maxTokens, LongConsumer progress) {
        if (ids.length < 2) {
            throw new IllegalArgumentException("the text has " + ids.length + " tokens, too few to predict one");
        }
        int size = Math.min(window, model.config().maxPositions());
        KvPool pool = new KvPool(model.config(), KvOptions.of(size));
        double nats = 0;
        long tokens = 0;
        for (int start = 0; start + 1 < ids.length && tokens < maxTokens; start += size) {
            int end = Math.min(start + size, ids.length - 1);
            try (KvCache cache = new KvCache(pool)) {
                nats += window(model, Arrays.copyOfRange(ids, start, end + 1), 0, cache);
            }
            tokens += end - start;
            progress.accept(tokens);
        }
        return new Perplexity(tokens, nats);
    }

    /**
     * Nats of the tokens behind position {@code first} of a window, given all those before each.
     *
     * @param cache empty
     */
    static double window(Transformer model, int[] window, int first, KvCache cache) {
        double nats = 0;
        int end = window.length - 1;
        Batch batch = new Batch();
        for (int from = 0; from < end; from += CHUNK) {
            int to = Math.min(end, from + CHUNK);
            batch.clear();
            for (int i = from; i < to; i++) {
                batch.add(window[i], i, cache, i >= first);
            }
            Rows logits = model.forward(batch);
            if (to > first) {
                nats += nats(model, logits, 0, window, Math.max(from, first) + 1, to + 1);
            }
        }
        return nats;
    }

    /**
     * Nats of the tokens {@code ids[from, to)}, by the model's threads.
     *
     * @param logits of the model's last step
     * @param row the row of logits that predicts token {@code from}; those of the others follow
     */
    public static double nats(Transformer model, Rows logits, int row, int[] ids, int from, int to) {
        double[] logLikelihoods = new double[to - from];
        int vocabulary = model.config().vocabularySize();
        model.parallel((part, parts) -> {
            for (int i = part; i < logLikelihoods.length; i += parts) {
                logLikelihoods[i] = logLikelihood(logits.data(), logits.at(row + i), vocabulary, ids[from + i]);
            }
        });
        double nats = 0;
        for (double logLikelihood : logLikelihoods) {
            nats -= logLikelihood;
        }
        return nats;
    }

    /** ln of the probability of {@code token} under the logits {@code logits[at, at + count)}. */
    public static double logLikelihood(float[] logits, int at, int count, int token) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = at; i < at + count; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return logits[at + token] - max - Math.log(sum);
    }
}
