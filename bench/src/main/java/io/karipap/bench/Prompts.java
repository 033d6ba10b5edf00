package io.karipap.bench;

import java.util.List;
import java.util.SplittableRandom;

/** Pieces of a text as prompts, each from another place, so that they share no beginnings. */
public final class Prompts {
    /** A word of English prose is about this many tokens. */
    private static final double TOKENS_PER_WORD = 1.35;

    private final List<String> words;

    /** @throws IllegalArgumentException if the text has no words */
    public Prompts(String text) {
        words = List.of(text.strip().split("\\s+"));
        if (words.size() < 2) {
            throw new IllegalArgumentException("the text for prompts has no words");
        }
    }

    /** About {@code tokens} tokens. */
    public String next(int tokens, SplittableRandom random) {
        int count = Math.max(1, (int) Math.round(tokens / TOKENS_PER_WORD));
        int from = random.nextInt(words.size());
        StringBuilder prompt = new StringBuilder();
        for (int i = 0; i < count; i++) {
            prompt.append(i == 0 ? "" : " ").append(words.get((from + i) % words.size()));
        }
        return prompt.toString();
    }
}
