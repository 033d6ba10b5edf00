package io.karipap.model;

import java.util.Arrays;

/** The tokens of one block, compared by value. */
final class TokenRun {
    private final int[] tokens;
    private final int hash;

    TokenRun(int[] tokens, int from, int to) {
        this.tokens = Arrays.copyOfRange(tokens, from, to);
        this.hash = Arrays.hashCode(this.tokens);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenRun run && hash == run.hash && Arrays.equals(tokens, run.tokens);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
