package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.range;
import static io.karipap.grammar.Grammar.repeat;
import static io.karipap.grammar.Grammar.sequence;

import io.karipap.grammar.Grammar;
import io.karipap.grammar.Grammar.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Forms of texts that may say anything but one thing. */
final class FreeText {
    /** Any text at all. */
    static final Grammar ANY = repeat(range(0, 255), 0, Grammar.UNBOUNDED);

    private FreeText() {}

    /** Any text in which {@code mark} does not occur: a rule for every beginning of the mark that a text may end with (Knuth, Morris, Pratt). */
    static Grammar without(String mark) {
        byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
        Rule[] states = new Rule[bytes.length];
        for (int i = 0; i < states.length; i++) {
            states[i] = new Rule();
        }
        for (int matched = 0; matched < bytes.length; matched++) {
            List<Grammar> next = new ArrayList<>(List.of(Grammar.EMPTY));
            int from = 0; // first byte of a range that leads to one state
            for (int b = 1; b <= 256; b++) {
                if (b == 256 || target(bytes, matched, b) != target(bytes, matched, from)) {
                    int target = target(bytes, matched, from);
                    if (target < bytes.length) {
                        next.add(sequence(range(from, b - 1), states[target]));
                    }
                    from = b;
                }
            }
            states[matched].define(choice(next.toArray(Grammar[]::new)));
        }
        return states[0];
    }

    /** Bytes of the mark that a text ends with once {@code b} comes behind {@code matched} of them. */
    private static int target(byte[] mark, int matched, int b) {
        byte[] text = new byte[matched + 1];
        System.arraycopy(mark, 0, text, 0, matched);
        text[matched] = (byte) b;
        for (int length = text.length; length > 0; length--) {
            boolean same = true;
            for (int i = 0; i < length && same; i++) {
                same = mark[i] == text[text.length - length + i];
            }
            if (same) {
                return length;
            }
        }
        return 0;
    }

    /** Any text that begins with none of {@code beginnings}; none of them is empty. */
    static Grammar notBeginningWith(Collection<String> beginnings) {
        List<byte[]> bytes = beginnings.stream()
                .map(beginning -> beginning.getBytes(StandardCharsets.UTF_8))
                .toList();
        return notBeginningWith(bytes, 0);
    }

    private static Grammar notBeginningWith(List<byte[]> beginnings, int depth) {
        Map<Integer, List<byte[]>> byNext = new TreeMap<>();
        beginnings.forEach(each -> byNext.computeIfAbsent(each[depth] & 0xff, key -> new ArrayList<>())
                .add(each));
        List<Grammar> options = new ArrayList<>(List.of(Grammar.EMPTY));
        int from = 0;
        for (Map.Entry<Integer, List<byte[]>> next : byNext.entrySet()) {
            int b = next.getKey();
            if (from < b) {
                options.add(sequence(range(from, b - 1), ANY));
            }
            from = b + 1;
            if (next.getValue().stream().noneMatch(each -> each.length == depth + 1)) {
                options.add(sequence(range(b, b), notBeginningWith(next.getValue(), depth + 1)));
            }
        }
        if (from <= 255) {
            options.add(sequence(range(from, 255), ANY));
        }
        return choice(options.toArray(Grammar[]::new));
    }
}
