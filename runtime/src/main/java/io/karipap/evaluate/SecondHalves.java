package io.karipap.evaluate;

import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Perplexity as llama.cpp's llama-perplexity counts it: the text, with the beginning-of-sequence token where the model wants one, is cut
 * into windows of n tokens; what is left over is dropped; the first token of each window is replaced by that token; and the tokens after
 * position n/2 are predicted.
 */
public final class SecondHalves {
    private SecondHalves() {}

    /**
     * A text as the model sees it.
     *
     * @param ids tokens; the first is {@code start}, if there is one
     * @param start the beginning-of-sequence token, if the model wants one
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Text(int[] ids, OptionalInt start) {
        /** Encodes a text; spellings of special tokens in it are plain text. */
        public static Text of(Tokenizer tokenizer, String text) {
            int[] empty = tokenizer.encode("", EncodeOptions.PROMPT);
            return new Text(
                    tokenizer.encode(text, EncodeOptions.PROMPT),
                    empty.length == 0 ? OptionalInt.empty() : OptionalInt.of(empty[0]));
        }
    }

    /**
     * Scores a model.
     *
     * @param context n, tokens of a window
     * @param chunks most windows
     * @return nats by window, weighted by tokens: e^mean is the perplexity
     * @throws IllegalArgumentException if a window is shorter than 4 tokens or longer than the model's context, or the text is shorter
     *     than two windows
     */
    public static Scores measure(
            Transformer model, String task, Text text, int context, int chunks, Progress progress) {
        int longest = model.config().maxPositions();
        if (context < 4 || context > longest) {
            throw new IllegalArgumentException("the context is " + context + " tokens, expected 4.." + longest);
        }
        if (text.ids().length < 2 * context) {
            throw new IllegalArgumentException(
                    task + " has " + text.ids().length + " tokens, expected at least two windows of " + context);
        }
        int count = Math.min(chunks, text.ids().length / context);
        double[] nats = new double[count];
        double[] tokens = new double[count];
        KvPool pool = new KvPool(model.config(), KvOptions.of(context));
        for (int i = 0; i < count; i++) {
            int[] window = Arrays.copyOfRange(text.ids(), i * context, (i + 1) * context);
            if (text.start().isPresent()) {
                window[0] = text.start().getAsInt();
            }
            try (KvCache cache = new KvCache(pool)) {
                nats[i] = Perplexity.window(model, window, context / 2, cache);
            }
            tokens[i] = context - 1 - context / 2;
            progress.report(task, i + 1, count);
        }
        return new Scores(task, "nats/token", false, nats, tokens);
    }
}
