package io.karipap.tokenizer.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values one after the other and never beyond the end. It reads through an array: a program that has just started
 * takes a hundred times as long for a value of a segment.
 */
final class GgufCursor {
    /** Longest string that is made of bytes: whole tokenizer descriptions have some 35 MB. */
    private static final long MAX_STRING = 256L << 20;

    private static final int WINDOW_BYTES = 1 << 14;

    private final MemorySegment bytes;
    private final long size;
    private final byte[] window;
    private long windowStart;
    private int windowLength;
    private long at;

    GgufCursor(MemorySegment bytes) {
        this.bytes = bytes;
        this.size = bytes.byteSize();
        this.window = new byte[(int) Math.min(WINDOW_BYTES, size)];
    }

    long at() {
        return at;
    }

    long remaining() {
        return size - at;
    }

    byte int8() {
        return (byte) value(1);
    }

    short int16() {
        return (short) value(2);
    }

    int int32() {
        return (int) value(4);
    }

    long int64() {
        return value(8);
    }

    /** The next {@code count} bytes as a number. */
    private long value(int count) {
        long start = take(count);
        if (start < windowStart || start + count > windowStart + windowLength) {
            windowStart = start;
            windowLength = (int) Math.min(window.length, size - start);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, start, window, 0, windowLength);
        }
        int from = (int) (start - windowStart);
        long value = 0;
        for (int i = from + count - 1; i >= from; i--) {
            value = value << 8 | window[i] & 0xff;
        }
        return value;
    }

    /**
     * A length or a number of things.
     *
     * @param what for the message
     * @param least bytes that each takes at least
     */
    long count(String what, int least) {
        long count = int64();
        if (count < 0 || count > remaining() / least) {
            throw new GgufFormatException("gives " + what + " the size " + Long.toUnsignedString(count)
                    + ", more than the file can hold (cut off or damaged at byte " + at + ")");
        }
        return count;
    }

    /** The bytes of a string. */
    MemorySegment stringBytes(String what) {
        return slice(count(what, 1));
    }

    /** Passes over a string. */
    void skipString(String what) {
        take(count(what, 1));
    }

    String string(String what) {
        return text(stringBytes(what), what);
    }

    static String text(MemorySegment bytes, String what) {
        if (bytes.byteSize() > MAX_STRING) {
            throw new GgufFormatException(
                    "gives " + what + " a string of " + bytes.byteSize() + " bytes, expected at most " + MAX_STRING);
        }
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Passes over {@code count} bytes and returns them. */
    MemorySegment slice(long count) {
        return bytes.asSlice(take(count), count);
    }

    /** The bytes from {@code from} to here. */
    MemorySegment since(long from) {
        return bytes.asSlice(from, at - from);
    }

    private long take(long count) {
        if (count > remaining()) {
            throw new GgufFormatException("is cut off at byte " + size);
        }
        long start = at;
        at += count;
        return start;
    }
}
