package io.karipap.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The order in which sequences of texts are learned: texts are drawn by weight, and of every text all sequences come once, in a random
 * order, before the next round begins, which cuts it elsewhere. It depends on the seed alone, so that a run that goes on sees what it would
 * have seen.
 */
final class Sequences {
    private final List<TokenText> texts;
    private final int length;
    private final int[] text; // of a sequence
    private final int[] at; // its first token

    /**
     * @param weights shares of the sequences by text
     * @param length T; a sequence has one token more, which is only predicted
     * @param count sequences in all
     * @throws IllegalArgumentException if a text is shorter than a sequence
     */
    Sequences(List<TokenText> texts, double[] weights, int length, int count, long seed) {
        this.texts = texts;
        this.length = length;
        this.text = new int[count];
        this.at = new int[count];
        double total = Arrays.stream(weights).sum();
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            TokenText own = texts.get(i);
            if (own.ids().length <= length) {
                throw new IllegalArgumentException(own.name() + " has " + own.ids().length
                        + " tokens, too few for a sequence of " + length + " and one more");
            }
            rounds.add(new Round(own.ids().length, new SplittableRandom(seed + i)));
        }
        SplittableRandom random = new SplittableRandom(seed - 1);
        for (int i = 0; i < count; i++) {
            double draw = random.nextDouble() * total;
            int chosen = 0;
            while (chosen < weights.length - 1 && draw >= weights[chosen]) {
                draw -= weights[chosen++];
            }
            text[i] = chosen;
            at[i] = rounds.get(chosen).next();
        }
    }

    /** One text's sequences. */
    private final class Round {
        private final int tokens;
        private final SplittableRandom random;
        private int[] starts = new int[0];
        private int next;

        Round(int tokens, SplittableRandom random) {
            this.tokens = tokens;
            this.random = random;
        }

        int next() {
            if (next == starts.length) {
                int offset = random.nextInt(Math.min(length, tokens - length));
                starts = new int[(tokens - 1 - offset) / length];
                for (int i = 0; i < starts.length; i++) {
                    starts[i] = offset + i * length;
                }
                for (int i = starts.length - 1; i > 0; i--) {
                    int other = random.nextInt(i + 1);
                    int start = starts[i];
                    starts[i] = starts[other];
                    starts[other] = start;
                }
                next = 0;
            }
            return starts[next++];
        }
    }

    /** Tokens [count · (T + 1)] of sequences. */
    long[] batch(int first, int count) {
        long[] ids = new long[count * (length + 1)];
        for (int i = 0; i < count; i++) {
            int[] from = texts.get(text[first + i]).ids();
            for (int t = 0; t <= length; t++) {
                ids[i * (length + 1) + t] = from[at[first + i] + t];
            }
        }
        return ids;
    }
}
