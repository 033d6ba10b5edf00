package io.karipap.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of a protocol buffers message, as far as a SentencePiece model needs: varints, 32-bit and nested fields. */
final class ProtobufReader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int wireType;

    ProtobufReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private ProtobufReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** Number of the next field, or 0 at the end. */
    int nextField() {
        if (at == end) {
            return 0;
        }
        long tag = varint();
        wireType = (int) (tag & 7);
        if (tag >>> 3 == 0 || tag >>> 3 > 1 << 29) {
            throw malformed();
        }
        return (int) (tag >>> 3);
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw malformed();
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed();
    }

    /** The field's varint; fails if it has another wire type. */
    long number() {
        expect(0);
        return varint();
    }

    float float32() {
        expect(5);
        need(4);
        int bits = bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
        at += 4;
        return Float.intBitsToFloat(bits);
    }

    ProtobufReader message() {
        int length = length();
        ProtobufReader message = new ProtobufReader(bytes, at, at + length);
        at += length;
        return message;
    }

    String string() {
        int length = length();
        String string = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return string;
    }

    byte[] bytes() {
        int length = length();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    private void skipBytes() {
        int length = length();
        at += length;
    }

    void skip() {
        switch (wireType) {
            case 0 -> varint();
            case 1 -> {
                need(8);
                at += 8;
            }
            case 2 -> skipBytes();
            case 5 -> {
                need(4);
                at += 4;
            }
            default -> throw malformed();
        }
    }

    private int length() {
        expect(2);
        long length = varint();
        if (length < 0 || length > end - at) {
            throw malformed();
        }
        return (int) length;
    }

    private void need(int count) {
        if (end - at < count) {
            throw malformed();
        }
    }

    private void expect(int type) {
        if (wireType != type) {
            throw malformed();
        }
    }

    private TokenizerException malformed() {
        return new TokenizerException("is not a valid protocol buffers file (at byte " + at + ")");
    }
}
