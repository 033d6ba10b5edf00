package io.karipap.evaluate;

import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import java.util.Arrays;

/** How well a model predicts a text, cut into windows that do not overlap; each begins with an empty context, its first token given. */
public final class Windows {
    private Windows() {}

    /**
     * Scores a model.
     *
     * @param ids tokens of the text
     * @param window tokens predicted in a window
     * @param maxTokens most tokens to predict; whole windows only, unless the text is shorter than one
     * @return nats by window, weighted by tokens: e^mean is the perplexity
     * @throws IllegalArgumentException if the text has fewer than two tokens
     */
    public static Scores measure(
            Transformer model, String task, int[] ids, int window, long maxTokens, Progress progress) {
        int size = Math.min(window, model.config().maxPositions());
        long last = Math.min(ids.length - 1L, maxTokens);
        int count = (int) Math.max(1, Math.ceilDiv(last, size));
        double[] nats = new double[count];
        double[] tokens = new double[count];
        for (int i = 0; i < count; i++) {
            int[] part = Arrays.copyOfRange(ids, i * size, Math.min(ids.length, (i + 1) * size + 1));
            Perplexity measured = Perplexity.measure(model, part, size, size, done -> {});
            nats[i] = measured.nats();
            tokens[i] = measured.tokens();
            progress.report(task, i + 1, count);
        }
        return new Scores(task, "nats/token", false, nats, tokens);
    }
}
