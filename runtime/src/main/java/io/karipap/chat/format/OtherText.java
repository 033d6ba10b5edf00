package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.range;
import static io.karipap.grammar.Grammar.sequence;

import io.karipap.grammar.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Forms of texts that may begin with anything but a call. */
final class OtherText {
    /** Any text at all. */
    static final Grammar ANY = Grammar.freeText();

    private OtherText() {}

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
