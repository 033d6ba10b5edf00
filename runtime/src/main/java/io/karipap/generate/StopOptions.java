package io.karipap.generate;

import java.util.List;
import java.util.Set;

/**
 * What ends a text. Immutable.
 *
 * @since 0.1
 */
public final class StopOptions {
    /** The model decides. */
    public static final StopOptions DEFAULT = builder().build();

    private final List<String> texts;
    private final Set<Integer> tokens;
    private final boolean ignoreEnd;
    private final int minTokens;
    private final boolean shown;

    private StopOptions(Builder builder) {
        texts = builder.texts;
        tokens = builder.tokens;
        ignoreEnd = builder.ignoreEnd;
        minTokens = builder.minTokens;
        shown = builder.shown;
        if (texts.contains("")) {
            throw new IllegalArgumentException("texts has an empty string, expected strings that can end a text");
        }
        if (minTokens < 0) {
            throw new IllegalArgumentException("minTokens is " + minTokens + ", expected 0 or more");
        }
    }

    /** The model or one of {@code texts} decides. */
    public static StopOptions at(List<String> texts) {
        return builder().texts(texts).build();
    }

    /** Nothing but the number of tokens ends the text. */
    public static StopOptions never() {
        return builder().ignoreEnd(true).build();
    }

    /** The model decides, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        return new Builder()
                .texts(texts)
                .tokens(tokens)
                .ignoreEnd(ignoreEnd)
                .minTokens(minTokens)
                .shown(shown);
    }

    /** Strings that end the text; they are not part of it unless {@link #shown}. */
    public List<String> texts() {
        return texts;
    }

    /** Token ids that end it, besides the model's own. */
    public Set<Integer> tokens() {
        return tokens;
    }

    /** Whether the model's end tokens do not end it. */
    public boolean ignoreEnd() {
        return ignoreEnd;
    }

    /** Tokens drawn before any token may end it. */
    public int minTokens() {
        return minTokens;
    }

    /** Whether the string that ended the text is part of it. */
    public boolean shown() {
        return shown;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private List<String> texts = List.of();
        private Set<Integer> tokens = Set.of();
        private boolean ignoreEnd;
        private int minTokens;
        private boolean shown;

        private Builder() {}

        /** Strings that end the text, none of them empty. */
        public Builder texts(List<String> strings) {
            texts = List.copyOf(strings);
            return this;
        }

        /** Token ids that end it, besides the model's own. */
        public Builder tokens(Set<Integer> ids) {
            tokens = Set.copyOf(ids);
            return this;
        }

        /** Whether the model's end tokens do not end it. */
        public Builder ignoreEnd(boolean ignore) {
            ignoreEnd = ignore;
            return this;
        }

        /** Tokens drawn before any token may end it. */
        public Builder minTokens(int count) {
            minTokens = count;
            return this;
        }

        /** Whether the string that ends the text is part of it. */
        public Builder shown(boolean show) {
            shown = show;
            return this;
        }

        /** @throws IllegalArgumentException if a string is empty or the number of tokens negative */
        public StopOptions build() {
            return new StopOptions(this);
        }
    }
}
