package io.karipap.tokenizer.gguf;

/** Types of metadata values; the numbers in the file are their positions here. */
public enum GgufValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int bytes;

    GgufValueType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a value in the file; of a string or a list the least. */
    int bytes() {
        return bytes;
    }

    static GgufValueType of(int number, String key) {
        if (number < 0 || number >= values().length) {
            throw new GgufFormatException(
                    "gives " + key + " the unknown type " + Integer.toUnsignedString(number) + ", expected 0..12");
        }
        return values()[number];
    }
}
