package io.karipap.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes GGUF files for tests, sound or not, without any code of the readers. */
final class GgufBuilder {
    static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int keyCount;
    private int tensorCount;

    GgufBuilder put(String key, Object value) {
        keyCount++;
        string(keys, key);
        switch (value) {
            case Integer number -> write(keys, 4, 4, number);
            case Long number -> write(keys, 10, 8, number);
            case Float number -> write(keys, 6, 4, Float.floatToRawIntBits(number));
            case Boolean bool -> write(keys, 7, 1, bool ? 1 : 0);
            case String string -> {
                number(keys, 4, 8);
                string(keys, string);
            }
            case List<?> list -> list(list);
            default -> throw new IllegalArgumentException("no type for " + value);
        }
        return this;
    }

    private void list(List<?> list) {
        number(keys, 4, 9);
        number(keys, 4, list.getFirst() instanceof String ? 8 : list.getFirst() instanceof Float ? 6 : 5);
        number(keys, 8, list.size());
        for (Object each : list) {
            if (each instanceof String string) {
                string(keys, string);
            } else {
                number(keys, 4, each instanceof Float f ? Float.floatToRawIntBits(f) : (Integer) each);
            }
        }
    }

    /** A tensor of 32-bit floats whose elements are first, first + 1, and so on. */
    GgufBuilder floats(String name, float first, int... shape) {
        int count = 1;
        for (int dimension : shape) {
            count *= dimension;
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(first + i);
        }
        return tensor(name, 0, bytes.array(), shape);
    }

    /** A tensor; shape as everywhere but in the file, columns last. */
    GgufBuilder tensor(String name, int type, byte[] bytes, int... shape) {
        tensorCount++;
        string(infos, name);
        number(infos, 4, shape.length);
        for (int d = shape.length - 1; d >= 0; d--) {
            number(infos, 8, shape[d]);
        }
        number(infos, 4, type);
        number(infos, 8, data.size());
        data.writeBytes(bytes);
        data.writeBytes(new byte[(ALIGNMENT - data.size() % ALIGNMENT) % ALIGNMENT]);
        return this;
    }

    byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        number(out, 4, 0x46554747);
        number(out, 4, 3);
        number(out, 8, tensorCount);
        number(out, 8, keyCount);
        out.writeBytes(keys.toByteArray());
        out.writeBytes(infos.toByteArray());
        out.writeBytes(new byte[(ALIGNMENT - out.size() % ALIGNMENT) % ALIGNMENT]);
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int type, int bytes, long value) {
        number(out, 4, type);
        number(out, bytes, value);
    }

    private static void string(ByteArrayOutputStream out, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(out, 8, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> 8 * i));
        }
    }
}
