package io.karipap.generate;

/**
 * Which log-probabilities are told. Immutable.
 *
 * @since 0.1
 */
public final class LogprobOptions {
    /** None. */
    public static final LogprobOptions NONE = builder().build();

    private final boolean tokens;
    private final boolean prompt;
    private final int alternatives;

    private LogprobOptions(Builder builder) {
        tokens = builder.tokens;
        prompt = builder.prompt;
        alternatives = builder.alternatives;
        if (alternatives < 0) {
            throw new IllegalArgumentException("alternatives is " + alternatives + ", expected 0 or more");
        }
    }

    /** None, until something is asked for. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether those of the tokens drawn. */
    public boolean tokens() {
        return tokens;
    }

    /** Whether those of the prompt's tokens. */
    public boolean prompt() {
        return prompt;
    }

    /** How many of the most probable tokens beside each. */
    public int alternatives() {
        return alternatives;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private boolean tokens;
        private boolean prompt;
        private int alternatives;

        private Builder() {}

        /** Whether those of the tokens drawn. */
        public Builder tokens(boolean told) {
            tokens = told;
            return this;
        }

        /** Whether those of the prompt's tokens; the whole prompt then is computed, even where a beginning is known. */
        public Builder prompt(boolean told) {
            prompt = told;
            return this;
        }

        /** How many of the most probable tokens beside each. */
        public Builder alternatives(int count) {
            alternatives = count;
            return this;
        }

        /** @throws IllegalArgumentException if the number of alternatives is negative */
        public LogprobOptions build() {
            return new LogprobOptions(this);
        }
    }
}
