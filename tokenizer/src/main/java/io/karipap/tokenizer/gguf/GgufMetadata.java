package io.karipap.tokenizer.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The metadata of a GGUF file: keys with numbers, truth values, strings, or lists of those. Values stay in the file until they are asked
 * for, so that what nobody reads costs nothing. A value of another type than the one asked for is an error that names its key.
 */
public final class GgufMetadata {
    private static final int MAX_KEYS = 1 << 16;
    private static final int MAX_KEY_BYTES = (1 << 16) - 1;

    private final Map<String, Value> values = new LinkedHashMap<>();

    /**
     * A value as it lies in the file.
     *
     * @param element type of the value, or of the elements of a list
     * @param count number of elements; −1 for a value that is no list
     */
    private record Value(GgufValueType element, long count, MemorySegment bytes) {
        String describe() {
            return count < 0 ? element.name() : "a list of " + element.name();
        }
    }

    private GgufMetadata() {}

    /**
     * Reads the metadata of a file.
     *
     * @throws GgufFormatException if the file is malformed
     */
    public static GgufMetadata read(Path path) throws IOException {
        return GgufHeader.read(path).metadata();
    }

    /** Reads {@code keys} values from where {@code cursor} stands. */
    static GgufMetadata read(GgufCursor cursor, long keys) {
        if (keys > MAX_KEYS) {
            throw new GgufFormatException("claims " + keys + " metadata keys, expected at most " + MAX_KEYS);
        }
        GgufMetadata metadata = new GgufMetadata();
        for (long i = 0; i < keys; i++) {
            MemorySegment name = cursor.stringBytes("metadata key " + i);
            if (name.byteSize() > MAX_KEY_BYTES) {
                throw new GgufFormatException(
                        "has a metadata key of " + name.byteSize() + " bytes, expected at most " + MAX_KEY_BYTES);
            }
            String key = GgufCursor.text(name, "metadata key " + i);
            if (metadata.values.put(key, value(cursor, key)) != null) {
                throw new GgufFormatException("gives " + key + " twice");
            }
        }
        return metadata;
    }

    private static Value value(GgufCursor cursor, String key) {
        GgufValueType type = GgufValueType.of(cursor.int32(), key);
        if (type == GgufValueType.STRING) {
            return new Value(type, -1, cursor.stringBytes(key));
        }
        if (type != GgufValueType.ARRAY) {
            return new Value(type, -1, cursor.slice(type.bytes()));
        }
        GgufValueType element = GgufValueType.of(cursor.int32(), key);
        if (element == GgufValueType.ARRAY) {
            throw new GgufFormatException("gives " + key + " a list of lists, which is not supported");
        }
        long count = cursor.count(key, element.bytes());
        if (count > Integer.MAX_VALUE - 8) {
            throw new GgufFormatException("gives " + key + " " + count + " elements, more than a list can hold");
        }
        if (element != GgufValueType.STRING) {
            return new Value(element, count, cursor.slice(count * element.bytes()));
        }
        long start = cursor.at();
        for (long i = 0; i < count; i++) {
            cursor.skipString(key);
        }
        return new Value(element, count, cursor.since(start));
    }

    /** The chat template of the model, or null. */
    public String chatTemplate() {
        return string("tokenizer.chat_template", null);
    }

    /** Spellings of the special tokens, under the names that chat templates use. */
    public Map<String, String> specialTokens() {
        GgufTexts tokens = texts("tokenizer.ggml.tokens");
        Map<String, String> special = new HashMap<>();
        Map<String, String> names =
                Map.of("bos", "bos_token", "eos", "eos_token", "unknown", "unk_token", "padding", "pad_token");
        names.forEach((name, spelled) -> {
            long id = number("tokenizer.ggml." + name + "_token_id", -1);
            if (id >= 0 && id < tokens.size()) {
                special.put(spelled, tokens.get((int) id));
            }
        });
        return special;
    }

    /**
     * A key with its value, as a file of version 2 or 3 holds them.
     *
     * @throws GgufFormatException if there is no such key
     */
    public byte[] entry(String key) {
        Value value = values.get(key);
        if (value == null) {
            throw new GgufFormatException("has no " + key);
        }
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        boolean list = value.count() >= 0;
        boolean string = !list && value.element() == GgufValueType.STRING;
        int size = Math.toIntExact(value.bytes().byteSize());
        ByteBuffer entry = ByteBuffer.allocate(Math.addExact(8 + name.length + 4 + 12 + 8, size))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(name.length)
                .put(name);
        if (list) {
            entry.putInt(GgufValueType.ARRAY.ordinal())
                    .putInt(value.element().ordinal())
                    .putLong(value.count());
        } else {
            entry.putInt(value.element().ordinal());
        }
        if (string) {
            entry.putLong(size);
        }
        entry.put(value.bytes().asByteBuffer());
        return Arrays.copyOf(entry.array(), entry.position());
    }

    /** The keys, in file order. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** The string at {@code key}, or {@code absent}. */
    public String string(String key, String absent) {
        Value value = scalar(key);
        if (value == null) {
            return absent;
        }
        if (!(single(value, key) instanceof String string)) {
            throw other(key, value, "a string");
        }
        return string;
    }

    /** The whole number at {@code key}, or {@code absent}. */
    public long number(String key, long absent) {
        Value value = scalar(key);
        if (value == null) {
            return absent;
        }
        if (!(single(value, key) instanceof Long number)) {
            throw other(key, value, "a whole number");
        }
        return number;
    }

    /** The number at {@code key}, whole or not, or {@code absent}. */
    public double real(String key, double absent) {
        Number number = number(key);
        return number == null ? absent : number.doubleValue();
    }

    /** The number at {@code key}: a {@link Long} if it is of a whole type, a {@link Float} or a {@link Double}; null if there is none. */
    public Number number(String key) {
        Value value = scalar(key);
        if (value == null) {
            return null;
        }
        if (!(single(value, key) instanceof Number number)) {
            throw other(key, value, "a number");
        }
        return number;
    }

    /** The truth value at {@code key}, or {@code absent}. */
    public boolean bool(String key, boolean absent) {
        Value value = scalar(key);
        if (value == null) {
            return absent;
        }
        if (!(single(value, key) instanceof Boolean bool)) {
            throw other(key, value, "a truth value");
        }
        return bool;
    }

    /** The strings at {@code key}; none where the key is absent. */
    public GgufTexts texts(String key) {
        String expected = "a list of strings";
        Value value = listValue(key, expected);
        if (value == null || value.count() == 0) {
            return GgufTexts.NONE;
        }
        if (value.element() != GgufValueType.STRING) {
            throw other(key, value, expected);
        }
        return GgufTexts.read(value.bytes(), (int) value.count(), key);
    }

    /** The numbers at {@code key}, whole or not; none where the key is absent. */
    public double[] reals(String key) {
        String expected = "a list of numbers";
        Value value = listValue(key, expected);
        if (value == null || value.count() == 0) {
            return new double[0];
        }
        GgufCursor cursor = new GgufCursor(value.bytes());
        double[] numbers = new double[(int) value.count()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (value.element()) {
                case FLOAT32 -> Float.intBitsToFloat(cursor.int32());
                case FLOAT64 -> Double.longBitsToDouble(cursor.int64());
                case STRING, BOOL, ARRAY -> throw other(key, value, expected);
                default -> whole(cursor, value.element(), key);
            };
        }
        return numbers;
    }

    /** The whole numbers at {@code key}; none where the key is absent. */
    public long[] wholes(String key) {
        String expected = "a list of whole numbers";
        Value value = listValue(key, expected);
        if (value == null || value.count() == 0) {
            return new long[0];
        }
        GgufCursor cursor = new GgufCursor(value.bytes());
        long[] numbers = new long[(int) value.count()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (value.element()) {
                case FLOAT32, FLOAT64, STRING, BOOL, ARRAY -> throw other(key, value, expected);
                default -> whole(cursor, value.element(), key);
            };
        }
        return numbers;
    }

    /** The truth values at {@code key}; none where the key is absent. */
    public boolean[] bools(String key) {
        String expected = "a list of truth values";
        Value value = listValue(key, expected);
        if (value == null || value.count() == 0) {
            return new boolean[0];
        }
        if (value.element() != GgufValueType.BOOL) {
            throw other(key, value, expected);
        }
        GgufCursor cursor = new GgufCursor(value.bytes());
        boolean[] truths = new boolean[(int) value.count()];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = (Boolean) element(cursor, GgufValueType.BOOL, key);
        }
        return truths;
    }

    /** Whether there is a list at {@code key}. */
    public boolean isList(String key) {
        Value value = values.get(key);
        return value != null && value.count() >= 0;
    }

    private Value scalar(String key) {
        Value value = values.get(key);
        if (value != null && value.count() >= 0) {
            throw other(key, value, "a single value");
        }
        return value;
    }

    private static Object single(Value value, String key) {
        return value.element() == GgufValueType.STRING
                ? GgufCursor.text(value.bytes(), key)
                : element(new GgufCursor(value.bytes()), value.element(), key);
    }

    /** The list at {@code key}, or null. */
    private Value listValue(String key, String expected) {
        Value value = values.get(key);
        if (value != null && value.count() < 0) {
            throw other(key, value, expected);
        }
        return value;
    }

    /** A string, a truth value, or a number: a {@link Long} if it is of a whole type. */
    private static Object element(GgufCursor cursor, GgufValueType type, String key) {
        return switch (type) {
            case FLOAT32 -> Float.intBitsToFloat(cursor.int32());
            case FLOAT64 -> Double.longBitsToDouble(cursor.int64());
            case BOOL -> {
                byte value = cursor.int8();
                if (value != 0 && value != 1) {
                    throw new GgufFormatException("gives " + key + " the truth value " + value + ", expected 0 or 1");
                }
                yield value == 1;
            }
            case STRING -> cursor.string(key);
            case ARRAY -> throw new IllegalStateException("a list is read element by element");
            default -> whole(cursor, type, key);
        };
    }

    private static long whole(GgufCursor cursor, GgufValueType type, String key) {
        return switch (type) {
            case UINT8 -> cursor.int8() & 0xff;
            case INT8 -> cursor.int8();
            case UINT16 -> cursor.int16() & 0xffff;
            case INT16 -> cursor.int16();
            case UINT32 -> cursor.int32() & 0xffffffffL;
            case INT32 -> cursor.int32();
            case INT64 -> cursor.int64();
            case UINT64 -> {
                long value = cursor.int64();
                if (value < 0) {
                    throw new GgufFormatException("gives " + key + " the value " + Long.toUnsignedString(value)
                            + ", expected less than 2^63");
                }
                yield value;
            }
            default -> throw new IllegalStateException(type + " is no whole number");
        };
    }

    private static GgufFormatException other(String key, Value value, String expected) {
        return new GgufFormatException("gives " + key + " as " + value.describe() + ", expected " + expected);
    }
}
