package io.karipap.generate;

import io.karipap.grammar.GrammarCursor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/** Penalties, bias and masks on the logits of one sequence. */
final class LogitAdjuster {
    /** What a grammar may do in one step of the engine: about half a millisecond. */
    private static final long STEPS_AT_ONCE = 50_000;

    private final SamplingOptions sampling;
    private final Map<Integer, Double> bias;
    private final GrammarCursor grammar;
    private final BitSet ends;
    private final int minTokens;
    private final int promptTokens;

    private final BitSet seen = new BitSet();

    /** How often every token has been drawn. */
    private int[] drawn;

    /** Tokens of the sequence that are in {@code seen} and {@code drawn}. */
    private int counted;

    private float[] adjusted;

    private final float[] endLogits;

    /**
     * @param grammar what the text must look like, or null
     * @param ends tokens that end the text
     */
    LogitAdjuster(GenerationOptions options, int promptTokens, GrammarCursor grammar, BitSet ends) {
        this.sampling = options.sampling();
        this.bias = sampling.logitBias();
        this.minTokens = options.stop().minTokens();
        this.promptTokens = promptTokens;
        this.grammar = grammar;
        this.ends = ends;
        this.endLogits = new float[ends.cardinality()];
    }

    /** Looks for the tokens that the grammar allows next, for a bounded time. */
    void prepare() {
        if (grammar != null) {
            grammar.prepare(STEPS_AT_ONCE);
        }
    }

    /** Whether the grammar, if there is one, knows them. */
    boolean prepared() {
        return grammar == null || grammar.prepared();
    }

    /** Whether the logits of the next token, after {@code length} tokens, are adjusted at all. */
    boolean adjusts(int length) {
        return sampling.penalises() || !bias.isEmpty() || grammar != null || length - promptTokens < minTokens;
    }

    /**
     * A copy of {@code logits[at, at + count)} that is adjusted; overwritten by the next call.
     *
     * @param tokens the sequence so far, {@code length} of them
     */
    float[] adjust(float[] logits, int at, int count, int[] tokens, int length) {
        if (adjusted == null) {
            adjusted = new float[count];
        }
        System.arraycopy(logits, at, adjusted, 0, count);
        if (sampling.penalises()) {
            penalise(tokens, length);
        }
        bias.forEach((token, value) -> adjusted[token] += value.floatValue());
        if (grammar != null) {
            mask(count);
        }
        if (length - promptTokens < minTokens) {
            for (int token = ends.nextSetBit(0); token >= 0; token = ends.nextSetBit(token + 1)) {
                adjusted[token] = Float.NEGATIVE_INFINITY;
            }
        }
        return adjusted;
    }

    private void penalise(int[] tokens, int length) {
        if (drawn == null) {
            drawn = new int[adjusted.length];
        }
        for (; counted < length; counted++) {
            seen.set(tokens[counted]);
            drawn[tokens[counted]] += counted < promptTokens ? 0 : 1;
        }
        for (int token = seen.nextSetBit(0); token >= 0; token = seen.nextSetBit(token + 1)) {
            float logit = adjusted[token];
            logit = (float) (logit > 0 ? logit / sampling.repetitionPenalty() : logit * sampling.repetitionPenalty());
            if (drawn[token] > 0) {
                logit -= (float) (sampling.presencePenalty() + drawn[token] * sampling.frequencyPenalty());
            }
            adjusted[token] = logit;
        }
    }

    private void mask(int count) {
        BitSet allowed = grammar.allowed();
        boolean mayEnd = grammar.complete();
        if (allowed.isEmpty() && !mayEnd) {
            throw new IllegalStateException("no token of the vocabulary continues the text as its grammar wants it");
        }
        int last = 0;
        for (int end = ends.nextSetBit(0); end >= 0; end = ends.nextSetBit(end + 1)) {
            endLogits[last++] = mayEnd || grammar.names(end) ? adjusted[end] : Float.NEGATIVE_INFINITY;
        }
        int from = 0;
        while (from < count) {
            int to = allowed.nextSetBit(from);
            Arrays.fill(adjusted, from, to < 0 ? count : Math.min(count, to), Float.NEGATIVE_INFINITY);
            from = to < 0 ? count : allowed.nextClearBit(to);
        }
        last = 0;
        for (int end = ends.nextSetBit(0); end >= 0; end = ends.nextSetBit(end + 1)) {
            adjusted[end] = endLogits[last++];
        }
    }
}
