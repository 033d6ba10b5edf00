package io.karipap.bench;

import io.karipap.grammar.Grammar;
import io.karipap.grammar.GrammarCursor;
import io.karipap.grammar.VocabularyTrie;
import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * A text by a schema, as tokens, drawn at random: after some tokens rather what closes something.
 *
 * @param schema its name
 */
public record MaskWalk(String schema, int[] tokens) {
    private static final int TRIES = 12;

    /** Draws a walk of at most {@code length} tokens. */
    public static MaskWalk draw(
            String schema, Grammar grammar, VocabularyTrie vocabulary, Tokenizer tokenizer, Random random, int length) {
        GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
        List<Integer> tokens = new ArrayList<>();
        while (tokens.size() < length && !cursor.finished()) {
            BitSet allowed = cursor.allowed();
            if (allowed.isEmpty() || cursor.complete() && random.nextInt(3) == 0) {
                break;
            }
            boolean close = random.nextInt(8) == 0 || tokens.size() > length / 2;
            int token = allowed.nextSetBit(random.nextInt(allowed.length()));
            for (int i = 0; close && i < TRIES && !closes(tokenizer.tokenBytes(token)); i++) {
                token = allowed.nextSetBit(random.nextInt(allowed.length()));
            }
            if (close && !closes(tokenizer.tokenBytes(token))) {
                int[] closing = allowed.stream()
                        .filter(each -> closes(tokenizer.tokenBytes(each)))
                        .limit(50)
                        .toArray();
                token = closing.length == 0 ? token : closing[random.nextInt(closing.length)];
            }
            cursor.accept(token, tokenizer.tokenBytes(token));
            tokens.add(token);
        }
        return new MaskWalk(schema, tokens.stream().mapToInt(Integer::intValue).toArray());
    }

    private static boolean closes(byte[] bytes) {
        return bytes.length > 0 && "\"}]".indexOf(bytes[bytes.length - 1]) >= 0;
    }
}
