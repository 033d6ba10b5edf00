package io.karipap.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SentencePiece's compiled normalisation rules ({@code precompiled_charsmap}): the size of a trie, the trie as a double array of 32-bit
 * units (Darts-clone's layout) over UTF-8 bytes, and the replacements, each ended by a zero byte. Every step in the trie is checked
 * against its bounds, because the file is not trusted.
 */
final class CharsMap {
    private final int[] units;
    private final byte[] replacements;

    /**
     * @param bytes the compiled rules
     * @throws TokenizerException if they are malformed
     */
    CharsMap(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = bytes.length < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
        if (size < 4 || size % 4 != 0 || size >= bytes.length - 4) {
            throw new TokenizerException("precompiled_charsmap of " + bytes.length
                    + " bytes is damaged, expected the size of a trie, the trie and the replacements");
        }
        units = new int[(int) (size / 4)];
        buffer.asIntBuffer().get(units);
        replacements = Arrays.copyOfRange(bytes, (int) (4 + size), bytes.length);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw new TokenizerException("precompiled_charsmap holds replacements that are not valid UTF-8", e);
        }
    }

    /** A rule that applies: it replaces {@code length} code units by {@code replacement}. */
    record Match(int length, String replacement) {}

    /** The rule for the longest start of {@code chars[start, end)}, or null. */
    Match longest(char[] chars, int start, int end) {
        return match(chars, start, end, true);
    }

    /** The rule for the shortest start of {@code chars[start, end)}, or null. */
    Match shortest(char[] chars, int start, int end) {
        return match(chars, start, end, false);
    }

    private Match match(char[] chars, int start, int end, boolean longest) {
        int length = 0;
        int value = 0;
        int position = step(0, units[0]);
        for (int i = start; i < end && position >= 0; ) {
            int codePoint = Utf8.replaceSurrogate(Character.codePointAt(chars, i, end));
            i += CharClass.width(chars, i, end);
            int unit = 0;
            for (byte b : Utf8.encode(codePoint)) {
                int label = b & 0xff;
                position ^= label;
                if (label == 0 || position >= units.length || (units[position] & 0x800000FF) != label) {
                    return result(length, value);
                }
                unit = units[position];
                position = step(position, unit);
                if (position < 0) {
                    return result(length, value);
                }
            }
            if ((unit >>> 8 & 1) == 1) {
                length = i - start;
                value = units[position] & 0x7FFFFFFF;
                if (!longest) {
                    break;
                }
            }
        }
        return result(length, value);
    }

    /** Where the children of the unit at {@code position} begin, or −1 if that is outside the trie. */
    private int step(int position, int unit) {
        int next = position ^ (unit >>> 10 << ((unit & 1 << 9) >>> 6));
        return next >= 0 && next < units.length ? next : -1;
    }

    private Match result(int length, int value) {
        if (length == 0) {
            return null;
        }
        int end = value;
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        return new Match(
                length, value >= end ? "" : new String(replacements, value, end - value, StandardCharsets.UTF_8));
    }
}
