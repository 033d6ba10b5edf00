package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A string that remembers which of its characters came from outside: from messages, tools and documents, not from the template. Only in
 * the template's own characters are special tokens parsed. Positions and lengths are those of Python: code points.
 *
 * @param value the characters
 * @param outside positions in {@code value} (UTF-16) of characters from outside; not to be changed
 * @param markup whether it is HTML, as after the filters {@code safe} and {@code escape}: what is added to it is escaped
 */
record Text(String value, BitSet outside, boolean markup) implements Comparable<Text> {
    static final Text EMPTY = new Text("", new BitSet());

    private Text(String value, BitSet outside) {
        this(value, outside, false);
    }

    /** A text of the template's own. */
    static Text of(String value) {
        return value.isEmpty() ? EMPTY : new Text(value, new BitSet());
    }

    /** A text from outside. */
    static Text fromOutside(String value) {
        BitSet all = new BitSet();
        all.set(0, value.length());
        return new Text(value, all);
    }

    boolean isFromOutside() {
        return !outside.isEmpty();
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    /** The characters {@code [from, to)}, positions of UTF-16. */
    Text slice(int from, int to) {
        if (from >= to) {
            return EMPTY;
        }
        return from == 0 && to == value.length()
                ? this
                : new Text(value.substring(from, to), outside.get(from, to), markup);
    }

    /** The two texts behind each other; if one of them is HTML, the other is escaped. */
    Text plus(Text other) {
        if (markup != other.markup) {
            return markup ? plus(other.escaped()) : escaped().plus(other);
        }
        if (value.isEmpty()) {
            return other;
        }
        if (other.value.isEmpty()) {
            return this;
        }
        return new Builder().append(this).append(other).build().asMarkup(markup);
    }

    Text asMarkup(boolean isMarkup) {
        return isMarkup == markup ? this : new Text(value, outside, isMarkup);
    }

    /** This text in HTML. */
    Text escaped() {
        if (markup) {
            return this;
        }
        Builder result = new Builder();
        for (int i = 0; i < value.length(); i++) {
            result.append(
                    switch (value.charAt(i)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '"' -> "&#34;";
                        case '\'' -> "&#39;";
                        default -> String.valueOf(value.charAt(i));
                    },
                    this,
                    i);
        }
        return result.build().asMarkup(true);
    }

    /** Another text made of this one's characters: each from where this was, or all from outside if some were and lengths differ. */
    Text changedTo(String changed) {
        if (!isFromOutside()) {
            return of(changed);
        }
        return changed.length() == value.length() ? new Text(changed, outside) : fromOutside(changed);
    }

    int length() {
        return value.codePointCount(0, value.length());
    }

    /** UTF-16 position of a code point. */
    int offset(int codePoint) {
        return value.offsetByCodePoints(0, codePoint);
    }

    /** Its characters, one text each. */
    List<Object> characters() {
        List<Object> characters = new ArrayList<>();
        for (int i = 0; i < value.length(); ) {
            int next = i + Character.charCount(value.codePointAt(i));
            characters.add(slice(i, next).asMarkup(false));
            i = next;
        }
        return characters;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && text.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** By code points, as Python compares. */
    @Override
    public int compareTo(Text other) {
        int[] a = value.codePoints().toArray();
        int[] b = other.value.codePoints().toArray();
        return Arrays.compare(a, b);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Puts texts together. */
    static final class Builder {
        private final StringBuilder value = new StringBuilder();
        private final BitSet outside = new BitSet();

        Builder append(Text text) {
            for (int i = text.outside.nextSetBit(0); i >= 0; ) {
                int end = text.outside.nextClearBit(i);
                outside.set(value.length() + i, value.length() + end);
                i = text.outside.nextSetBit(end);
            }
            value.append(text.value);
            return this;
        }

        Builder append(String own) {
            value.append(own);
            return this;
        }

        /** Characters that stand for one of {@code source}'s at UTF-16 position {@code at}. */
        Builder append(String characters, Text source, int at) {
            if (source.outside.get(at)) {
                outside.set(value.length(), value.length() + characters.length());
            }
            value.append(characters);
            return this;
        }

        int length() {
            return value.length();
        }

        Text build() {
            return value.isEmpty() ? EMPTY : new Text(value.toString(), (BitSet) outside.clone());
        }
    }
}
