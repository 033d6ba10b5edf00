package io.karipap.tokenizer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata of a GGUF file: keys with numbers, booleans, strings, or lists of those. Sizes are checked against the file before
 * anything is allocated.
 */
public final class GgufMetadata {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int MAX_KEYS = 1 << 16;
    private static final int MAX_KEY_LENGTH = 1 << 10;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private final Map<String, Object> values = new HashMap<>();
    private long at;

    private GgufMetadata(MemorySegment file) {
        this.file = file;
    }

    /**
     * Reads the metadata of a file.
     *
     * @throws TokenizerException if the file is malformed
     */
    public static GgufMetadata read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** The chat template of the model, or null. */
    public String chatTemplate() {
        return string("tokenizer.chat_template", null);
    }

    /** Spellings of the beginning and end tokens, under the names that chat templates use. */
    public Map<String, String> specialTokens() {
        List<String> tokens = strings("tokenizer.ggml.tokens");
        Map<String, String> special = new HashMap<>();
        for (String name : new String[] {"bos", "eos"}) {
            long id = number("tokenizer.ggml." + name + "_token_id", -1);
            if (id >= 0 && id < tokens.size()) {
                special.put(name + "_token", tokens.get((int) id));
            }
        }
        return special;
    }

    private static GgufMetadata read(MemorySegment file) {
        GgufMetadata metadata = new GgufMetadata(file);
        metadata.readAll();
        return metadata;
    }

    private void readAll() {
        if (file.byteSize() < 24 || int32() != MAGIC) {
            throw new TokenizerException("is not a GGUF file");
        }
        int version = int32();
        if (version != 2 && version != 3) {
            throw new TokenizerException("has GGUF version " + version + ", expected 2 or 3");
        }
        int64(); // number of tensors
        long keys = int64();
        if (keys < 0 || keys > MAX_KEYS) {
            throw new TokenizerException(
                    "claims " + Long.toUnsignedString(keys) + " metadata keys, expected at most " + MAX_KEYS);
        }
        for (long i = 0; i < keys; i++) {
            String key = string();
            if (key.length() > MAX_KEY_LENGTH || key.chars().anyMatch(Character::isISOControl)) {
                throw new TokenizerException("is damaged: metadata key " + i + " is not a name");
            }
            values.put(key, value(int32(), key));
        }
    }

    /** The string at {@code key}, or {@code absent}. */
    String string(String key, String absent) {
        return values.get(key) instanceof String string ? string : absent;
    }

    /** The number at {@code key}, or {@code absent}. */
    long number(String key, long absent) {
        return values.get(key) instanceof Number number ? number.longValue() : absent;
    }

    /** The boolean at {@code key}, or {@code absent}. */
    boolean bool(String key, boolean absent) {
        return values.get(key) instanceof Boolean bool ? bool : absent;
    }

    /** The strings at {@code key}; none where the key is absent. */
    List<String> strings(String key) {
        return list(key, String.class);
    }

    /** The numbers at {@code key}; none where the key is absent. */
    List<Number> numbers(String key) {
        return list(key, Number.class);
    }

    private <T> List<T> list(String key, Class<T> type) {
        List<T> result = new ArrayList<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object each : list) {
                if (!type.isInstance(each)) {
                    throw new TokenizerException(key + " holds values of the wrong type");
                }
                result.add(type.cast(each));
            }
        }
        return result;
    }

    private Object value(int type, String key) {
        return switch (type) {
            case 0, 1 -> (int) file.get(ValueLayout.JAVA_BYTE, take(1));
            case 2, 3 -> (int) file.get(SHORT, take(2));
            case 4, 5 -> int32();
            case 6 -> Float.intBitsToFloat(int32());
            case 7 -> file.get(ValueLayout.JAVA_BYTE, take(1)) != 0;
            case 8 -> string();
            case 9 -> array(key);
            case 10, 11 -> int64();
            case 12 -> Double.longBitsToDouble(int64());
            default -> throw new TokenizerException("gives " + key + " the unknown type " + type);
        };
    }

    private List<Object> array(String key) {
        int type = int32();
        long count = int64();
        if (type == 9) {
            throw new TokenizerException("gives " + key + " nested arrays, which are not supported");
        }
        if (count < 0 || count > file.byteSize() - at) {
            throw new TokenizerException(
                    "gives " + key + " " + Long.toUnsignedString(count) + " elements, more than the file can hold");
        }
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            list.add(value(type, key));
        }
        return list;
    }

    private String string() {
        long length = int64();
        if (length < 0 || length > file.byteSize() - at) {
            throw new TokenizerException("is cut off or damaged at byte " + at);
        }
        byte[] bytes = file.asSlice(take(length), length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int int32() {
        return file.get(INT, take(4));
    }

    private long int64() {
        return file.get(LONG, take(8));
    }

    private long take(long count) {
        if (count > file.byteSize() - at) {
            throw new TokenizerException("is cut off at byte " + file.byteSize());
        }
        long start = at;
        at += count;
        return start;
    }
}
