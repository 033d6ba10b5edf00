package io.karipap.generate;

import java.util.List;
import java.util.Set;

/**
 * What ends a text.
 *
 * @param texts strings that end it; they are not part of it
 * @param tokens token ids that end it, besides the model's own
 * @param ignoreEnd whether the model's end tokens do not end it
 * @param minTokens tokens drawn before any token may end it
 */
public record StopOptions(List<String> texts, Set<Integer> tokens, boolean ignoreEnd, int minTokens) {
    /** The model decides. */
    public static final StopOptions DEFAULT = new StopOptions(List.of(), Set.of(), false, 0);

    /** @throws IllegalArgumentException if a string is empty or minTokens negative */
    public StopOptions {
        texts = List.copyOf(texts);
        tokens = Set.copyOf(tokens);
        if (texts.contains("")) {
            throw new IllegalArgumentException("stop has an empty string");
        }
        if (minTokens < 0) {
            throw new IllegalArgumentException("min_tokens is " + minTokens + ", expected 0 or more");
        }
    }

    /** The model or one of {@code texts} decides. */
    public static StopOptions at(List<String> texts) {
        return new StopOptions(texts, Set.of(), false, 0);
    }

    /** Nothing but the number of tokens ends the text. */
    public static StopOptions never() {
        return new StopOptions(List.of(), Set.of(), true, 0);
    }
}
