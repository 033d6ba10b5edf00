package io.karipap.tokenizer.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** A list of strings as it lies in a GGUF file, copied from there: strings are made of it when they are asked for. */
public final class GgufTexts {
    /** Of no strings. */
    static final GgufTexts NONE = new GgufTexts(new byte[0], new int[1]);

    private static final int LENGTH_BYTES = 8;

    private final byte[] bytes;
    private final int[] ends;

    private GgufTexts(byte[] bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    /**
     * @param list strings, each behind its length, which are known to be whole
     * @throws GgufFormatException if they are more than an array can hold
     */
    static GgufTexts read(MemorySegment list, int count, String key) {
        if (list.byteSize() > Integer.MAX_VALUE - 8) {
            throw new GgufFormatException(
                    "gives " + key + " " + list.byteSize() + " bytes of strings, expected less than 2 GiB");
        }
        byte[] bytes = list.toArray(ValueLayout.JAVA_BYTE);
        int[] ends = new int[count + 1];
        for (int i = 0; i < count; i++) {
            int at = ends[i];
            int length = bytes[at] & 0xff
                    | (bytes[at + 1] & 0xff) << 8
                    | (bytes[at + 2] & 0xff) << 16
                    | (bytes[at + 3] & 0xff) << 24;
            ends[i + 1] = at + LENGTH_BYTES + length;
        }
        return new GgufTexts(bytes, ends);
    }

    /** Number of strings. */
    public int size() {
        return ends.length - 1;
    }

    /** The string number {@code i}; what is not UTF-8 becomes U+FFFD. */
    public String get(int i) {
        return new String(bytes, start(i), end(i) - start(i), StandardCharsets.UTF_8);
    }

    /** All strings, each from {@link #start} to {@link #end}; do not modify. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where string {@code i} begins. */
    public int start(int i) {
        return ends[i] + LENGTH_BYTES;
    }

    /** Where it ends. */
    public int end(int i) {
        return ends[i + 1];
    }
}
