package io.karipap.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;

/** Draws any token that the masks allow, so that every branch is taken; from some length on rather what closes something. */
record RandomModel(Tokenizer tokenizer, VocabularyTrie vocabulary) {
    String write(Grammar grammar, Random random, int longEnough) {
        GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (!cursor.finished()) {
            if (cursor.complete() && random.nextInt(4) == 0) {
                break;
            }
            BitSet allowed = cursor.allowed();
            assertThat(allowed.isEmpty()).as("a dead end after %.300s", text).isFalse();
            int[] tokens = allowed.stream().toArray();
            int[] closing = allowed.stream().filter(this::mayClose).toArray();
            boolean close = closing.length > 0 && random.nextInt(6) < (text.size() > longEnough ? 4 : 1);
            int[] letters = allowed.stream()
                    .filter(token -> tokenizer.tokenBytes(token).length == 1)
                    .toArray();
            boolean slow = letters.length > 0 && text.size() > longEnough; // patterns ask for rare letters
            int[] choice = close ? closing : slow ? letters : tokens;
            int token = choice[random.nextInt(choice.length)];
            byte[] bytes = tokenizer.tokenBytes(token);
            cursor.accept(token, bytes);
            text.writeBytes(bytes);
            assertThat(text.size()).as("%.300s", text).isLessThan(20_000);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private boolean mayClose(int token) {
        byte[] bytes = tokenizer.tokenBytes(token);
        return bytes.length == 1 && "\"}]".indexOf(bytes[0]) >= 0;
    }
}
