package io.karipap.export;

import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a GGUF file, version 3 (github.com/ggml-org/ggml, docs/gguf.md): metadata, then tensors of type F32, F16, BF16, Q8_0 or Q4_0.
 * Tensors are read when the file is written, one row at a time.
 */
public final class GgufWriter {
    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int TYPE_UINT8 = 0;
    private static final int TYPE_UINT32 = 4;
    private static final int TYPE_FLOAT32 = 6;
    private static final int TYPE_BOOL = 7;
    private static final int TYPE_STRING = 8;
    private static final int TYPE_ARRAY = 9;
    private static final int TYPE_INT32 = 5;

    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final List<Entry> tensors = new ArrayList<>();
    private int keys;

    private record Entry(String name, WeightType type, boolean vector, WeightRows rows) {
        long bytes() {
            return rows.rows() * type.rowBytes(rows.columns());
        }
    }

    /** Adds a key with its value as another file holds them. */
    public GgufWriter put(byte[] entry) {
        metadata.writeBytes(entry);
        keys++;
        return this;
    }

    /** Adds a string. */
    public GgufWriter put(String key, String value) {
        return key(key, TYPE_STRING).string(value);
    }

    /** Adds an unsigned 32-bit integer. */
    public GgufWriter put(String key, int value) {
        return key(key, TYPE_UINT32).int32(value);
    }

    /** Adds a 32-bit float. */
    public GgufWriter put(String key, float value) {
        return key(key, TYPE_FLOAT32).int32(Float.floatToRawIntBits(value));
    }

    /** Adds a truth value. */
    public GgufWriter put(String key, boolean value) {
        key(key, TYPE_BOOL).metadata.write(value ? 1 : 0);
        return this;
    }

    /** Adds a list of strings. */
    public GgufWriter putStrings(String key, List<String> values) {
        key(key, TYPE_ARRAY).int32(TYPE_STRING).int64(values.size());
        values.forEach(this::string);
        return this;
    }

    /** Adds a list of truth values. */
    public GgufWriter putBools(String key, List<Boolean> values) {
        key(key, TYPE_ARRAY).int32(TYPE_BOOL).int64(values.size());
        values.forEach(value -> metadata.write(value ? 1 : 0));
        return this;
    }

    /** Adds bytes, as a list of unsigned numbers. */
    public GgufWriter putBytes(String key, byte[] values) {
        key(key, TYPE_ARRAY).int32(TYPE_UINT8).int64(values.length);
        metadata.writeBytes(values);
        return this;
    }

    /** Adds a list of 32-bit integers. */
    public GgufWriter putInts(String key, int[] values) {
        key(key, TYPE_ARRAY).int32(TYPE_INT32).int64(values.length);
        for (int value : values) {
            int32(value);
        }
        return this;
    }

    /** Adds a list of 32-bit floats. */
    public GgufWriter putFloats(String key, float[] values) {
        key(key, TYPE_ARRAY).int32(TYPE_FLOAT32).int64(values.length);
        for (float value : values) {
            int32(Float.floatToRawIntBits(value));
        }
        return this;
    }

    /**
     * Adds a matrix.
     *
     * @throws IllegalArgumentException if the type is quantised and the columns are not whole groups of 32, as the format asks
     */
    public GgufWriter add(String name, WeightType type, WeightRows rows) {
        if (type.quantized() && rows.columns() % WeightType.GROUP != 0) {
            throw new IllegalArgumentException("tensor \"" + name + "\" has " + rows.columns()
                    + " columns, but GGUF quantises only multiples of " + WeightType.GROUP + "; use F16 or BF16");
        }
        tensors.add(new Entry(name, type, false, rows));
        return this;
    }

    /** Adds a vector of floats. */
    public GgufWriter add(String name, float[] values) {
        tensors.add(new Entry(name, WeightType.F32, true, WeightRows.of(1, values.length, values)));
        return this;
    }

    /** Writes everything to {@code file}, replacing it when all is written. */
    public void write(Path file) throws IOException {
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".gguf", ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 20)) {
                byte[] header = header();
                out.write(header);
                pad(out, header.length);
                for (Entry entry : tensors) {
                    data(out, entry);
                    pad(out, entry.bytes());
                }
            }
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private byte[] header() {
        GgufWriter header = new GgufWriter();
        header.int32(MAGIC).int32(VERSION).int64(tensors.size()).int64(keys);
        header.metadata.writeBytes(metadata.toByteArray());
        long at = 0;
        for (Entry entry : tensors) {
            header.string(entry.name())
                    .int32(entry.vector() ? 1 : 2)
                    .int64(entry.rows().columns());
            if (!entry.vector()) {
                header.int64(entry.rows().rows());
            }
            header.int32(code(entry.type())).int64(at);
            at += (entry.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return header.metadata.toByteArray();
    }

    private static int code(WeightType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4 -> 2;
            case Q8 -> 8;
            case BF16 -> 30;
            case A8, A4, A4_16, S8_16 -> throw new IllegalArgumentException("nothing is rounded to " + type);
        };
    }

    private static void data(OutputStream out, Entry entry) throws IOException {
        WeightRows rows = entry.rows();
        int columns = rows.columns();
        float[] row = new float[columns];
        byte[] codes = new byte[columns];
        short[] scales = new short[WeightType.groups(columns)];
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(entry.type().rowBytes(columns)))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 0; n < rows.rows(); n++) {
            buffer.clear();
            if (entry.type().quantized()) {
                rows.readCodes(n, entry.type(), row, codes, scales);
                putGroups(buffer, entry.type(), codes, scales);
            } else {
                rows.read(n, row);
                for (float value : row) {
                    int bits = entry.type().fromFloat(value);
                    if (entry.type() == WeightType.F32) {
                        buffer.putInt(bits);
                    } else {
                        buffer.putShort((short) bits);
                    }
                }
            }
            out.write(buffer.array(), 0, buffer.position());
        }
    }

    /** Q8_0: scale, 32 signed bytes. Q4_0: scale, 16 bytes with column i below and column i + 16 above, 8 standing for zero. */
    private static void putGroups(ByteBuffer buffer, WeightType type, byte[] codes, short[] scales) {
        int half = WeightType.GROUP / 2;
        for (int g = 0; g < scales.length; g++) {
            int from = g * WeightType.GROUP;
            buffer.putShort(scales[g]);
            if (type == WeightType.Q8) {
                buffer.put(codes, from, WeightType.GROUP);
                continue;
            }
            for (int i = 0; i < half; i++) {
                buffer.put((byte) (codes[from + i] + 8 | codes[from + half + i] + 8 << 4));
            }
        }
    }

    private static void pad(OutputStream out, long length) throws IOException {
        out.write(new byte[(int) ((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT)]);
    }

    private GgufWriter key(String key, int type) {
        keys++;
        return string(key).int32(type);
    }

    private GgufWriter string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int64(bytes.length);
        metadata.writeBytes(bytes);
        return this;
    }

    private GgufWriter int32(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            metadata.write(value >>> shift);
        }
        return this;
    }

    private GgufWriter int64(long value) {
        return int32((int) value).int32((int) (value >>> 32));
    }
}
