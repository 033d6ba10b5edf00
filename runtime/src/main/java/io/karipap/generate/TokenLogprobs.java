package io.karipap.generate;

import java.util.List;

/**
 * ln of the probabilities that the model gives at one position, before temperature, penalties, bias and masks.
 *
 * @param logprob of the token that stands there
 * @param alternatives the most probable tokens, the most probable first
 * @since 0.1
 */
public record TokenLogprobs(float logprob, List<Alternative> alternatives) {
    public TokenLogprobs {
        alternatives = List.copyOf(alternatives);
    }

    /** A token and ln of its probability. */
    public record Alternative(int id, float logprob) {}

    /**
     * @param logits [V] at {@code at}
     * @param count V
     * @param token the token that stands there
     * @param alternatives how many of the most probable tokens
     */
    static TokenLogprobs of(float[] logits, int at, int count, int token, int alternatives) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[at + i]);
        }
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += Math.exp(logits[at + i] - (double) max);
        }
        double normaliser = max + Math.log(total);
        int[] top = top(logits, at, count, Math.min(alternatives, count));
        Alternative[] best = new Alternative[top.length];
        for (int i = 0; i < top.length; i++) {
            best[i] = new Alternative(top[i], (float) (logits[at + top[i]] - normaliser));
        }
        return new TokenLogprobs((float) (logits[at + token] - normaliser), List.of(best));
    }

    /** The tokens with the largest logits, the largest first; of equal ones the smaller token first. */
    private static int[] top(float[] logits, int at, int count, int wanted) {
        int[] top = new int[wanted];
        int size = 0;
        for (int token = 0; token < count; token++) {
            if (size == wanted && (wanted == 0 || logits[at + token] <= logits[at + top[wanted - 1]])) {
                continue;
            }
            int place = size < wanted ? size++ : wanted - 1;
            while (place > 0 && logits[at + top[place - 1]] < logits[at + token]) {
                top[place] = top[place - 1];
                place--;
            }
            top[place] = token;
        }
        return top;
    }
}
