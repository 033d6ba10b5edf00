package io.karipap.tokenizer.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads little-endian values one after the other and never beyond the end. */
final class GgufCursor {
    /** Longest string that is made of bytes: whole tokenizer descriptions have some 35 MB. */
    private static final long MAX_STRING = 256L << 20;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private long at;

    GgufCursor(MemorySegment bytes) {
        this.bytes = bytes;
    }

    /** A cursor at the same place. */
    GgufCursor copy() {
        GgufCursor copy = new GgufCursor(bytes);
        copy.at = at;
        return copy;
    }

    long at() {
        return at;
    }

    long remaining() {
        return bytes.byteSize() - at;
    }

    byte int8() {
        return bytes.get(ValueLayout.JAVA_BYTE, take(1));
    }

    short int16() {
        return bytes.get(SHORT, take(2));
    }

    int int32() {
        return bytes.get(INT, take(4));
    }

    long int64() {
        return bytes.get(LONG, take(8));
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
        long length = count(what, 1);
        return bytes.asSlice(take(length), length);
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

    private long take(long count) {
        if (count > remaining()) {
            throw new GgufFormatException("is cut off at byte " + bytes.byteSize());
        }
        long start = at;
        at += count;
        return start;
    }
}
