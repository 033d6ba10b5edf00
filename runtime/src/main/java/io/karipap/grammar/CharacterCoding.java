package io.karipap.grammar;

import java.util.ArrayList;
import java.util.List;

/** How characters are written. */
enum CharacterCoding {
    /** In UTF-8. */
    PLAIN {
        @Override
        Grammar one(CodePoints set) {
            return utf8(set);
        }
    },
    /** Within a string of JSON: as they are where they may be, else by their short escape, else as four lower-case digits. */
    JSON {
        @Override
        Grammar one(CodePoints set) {
            List<Grammar> options = new ArrayList<>();
            CodePoints plain = set.without(ESCAPED);
            if (!plain.isEmpty()) {
                options.add(utf8(plain));
            }
            for (CodePoints.Range range : ESCAPED.ranges()) {
                for (int c = range.from(); c <= range.to(); c++) {
                    if (set.contains(c)) {
                        options.add(Grammar.text(escape(c)));
                    }
                }
            }
            return options.size() == 1 ? options.getFirst() : new AnyOf(options);
        }
    };

    private static final CodePoints ESCAPED =
            CodePoints.of(0, 0x1f).with(CodePoints.of('"')).with(CodePoints.of('\\'));

    /** One character of {@code set}; no text of it begins with another one. */
    abstract Grammar one(CodePoints set);

    /** Exactly this text. */
    Grammar text(String text) {
        return new Concatenation(
                text.codePoints().mapToObj(c -> one(CodePoints.of(c))).toList());
    }

    private static String escape(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", c);
        };
    }

    private static Grammar utf8(CodePoints set) {
        List<Grammar> options = new ArrayList<>();
        ByteSet ascii = ByteSet.NONE;
        for (CodePoints.Range range : set.ranges()) {
            if (range.from() < 0x80) {
                ascii = ascii.with(ByteSet.range(range.from(), Math.min(range.to(), 0x7f)));
            }
            if (range.to() >= 0x80) {
                split(Math.max(range.from(), 0x80), range.to(), options);
            }
        }
        if (!ascii.isEmpty()) {
            options.addFirst(new OneByte(ascii));
        }
        return options.size() == 1 ? options.getFirst() : new AnyOf(options);
    }

    /** Splits a range until each of its bytes has a range of its own (as Ken Thompson's and Russ Cox's regular expressions do). */
    private static void split(int from, int to, List<Grammar> options) {
        for (int last : new int[] {0x7f, 0x7ff, 0xffff}) {
            if (from <= last && to > last) {
                split(from, last, options);
                split(last + 1, to, options);
                return;
            }
        }
        int bytes = from < 0x80 ? 1 : from < 0x800 ? 2 : from < 0x10000 ? 3 : 4;
        for (int i = 1; i < bytes; i++) {
            int low = (1 << 6 * i) - 1;
            if ((from & ~low) != (to & ~low)) {
                if ((from & low) != 0) {
                    split(from, from | low, options);
                    split((from | low) + 1, to, options);
                    return;
                }
                if ((to & low) != low) {
                    split(from, (to & ~low) - 1, options);
                    split(to & ~low, to, options);
                    return;
                }
            }
        }
        byte[] first = Character.toString(from).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] last = Character.toString(to).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        List<Grammar> sequence = new ArrayList<>();
        for (int i = 0; i < first.length; i++) {
            sequence.add(Grammar.range(first[i] & 0xff, last[i] & 0xff));
        }
        options.add(new Concatenation(sequence));
    }
}
