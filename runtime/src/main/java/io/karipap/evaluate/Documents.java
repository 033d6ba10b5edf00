package io.karipap.evaluate;

import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * How well a model predicts documents, each by itself, in a window that slides: every token but the first ones is predicted from at least
 * {@code window − stride} tokens before it.
 */
public final class Documents {
    private Documents() {}

    /** Parts between the special tokens of a text, those without two tokens left out; long ones stay whole. */
    public static List<int[]> split(int[] ids, IntPredicate isSpecial) {
        List<int[]> documents = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= ids.length; i++) {
            if (i == ids.length || isSpecial.test(ids[i])) {
                if (i - from >= 2) {
                    documents.add(Arrays.copyOfRange(ids, from, i));
                }
                from = i + 1;
            }
        }
        return documents;
    }

    /**
     * A window that slides.
     *
     * @param window most tokens that the model sees
     * @param stride tokens predicted in a window after the first
     */
    public record Sliding(int window, int stride) {}

    /**
     * Scores a model.
     *
     * @param documents token ids, at least one each
     * @param start token before each document
     * @param sliding the window that slides over a document
     * @return nats by document, weighted by tokens: e^mean is the perplexity
     * @throws IllegalArgumentException if the stride is not in 1..window or there is no document
     */
    public static Scores measure(
            Transformer model, String task, List<int[]> documents, int start, Sliding sliding, Progress progress) {
        int size = Math.min(sliding.window(), model.config().maxPositions());
        int stride = sliding.stride();
        if (stride < 1 || stride > size) {
            throw new IllegalArgumentException("the stride is " + stride + ", expected 1.." + size);
        }
        double[] nats = new double[documents.size()];
        double[] tokens = new double[documents.size()];
        KvPool pool = new KvPool(model.config(), KvOptions.of(size));
        long all = documents.stream().mapToLong(each -> each.length).sum();
        long done = 0;
        for (int i = 0; i < nats.length; i++) {
            int[] document = new int[documents.get(i).length + 1];
            document[0] = start;
            System.arraycopy(documents.get(i), 0, document, 1, document.length - 1);
            nats[i] = nats(model, document, size, stride, pool);
            tokens[i] = document.length - 1;
            done += document.length - 1;
            progress.report(task, done, all);
        }
        return new Scores(task, "nats/token", false, nats, tokens);
    }

    /** Nats of all tokens but the first. */
    private static double nats(Transformer model, int[] ids, int size, int stride, KvPool pool) {
        double nats = 0;
        int predicted = 1; // tokens that need no prediction any more
        Batch batch = new Batch();
        while (predicted < ids.length) {
            int end = Math.min(ids.length, predicted == 1 ? size + 1 : predicted + stride);
            int from = Math.max(0, end - 1 - size);
            batch.clear();
            try (KvCache cache = new KvCache(pool)) {
                int first = -1;
                for (int i = from; i + 1 < end; i++) {
                    int row = batch.add(ids[i], i - from, cache, i + 1 >= predicted);
                    first = first < 0 ? row : first;
                }
                nats += Perplexity.nats(model, model.forward(batch), first, ids, predicted, end);
            }
            predicted = end;
        }
        return nats;
    }
}
