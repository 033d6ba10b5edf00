package io.karipap.format;

import io.karipap.json.Json;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a safetensors file: declare every tensor, then write the file, one tensor in memory at a time. */
public final class SafetensorsWriter {

    private final List<Entry> entries = new ArrayList<>();

    /** What a tensor becomes in the file: one part, or codes and scales. */
    private record Entry(List<Part> parts, Function<Arena, List<MemorySegment>> data) {}

    private record Part(String name, String dtype, List<Integer> shape, long bytes) {}

    /** Adds a tensor whose element number i, in row-major order, is {@code values.apply(i)} rounded to {@code type}. */
    public SafetensorsWriter add(String name, WeightType type, List<Integer> shape, LongFunction<Float> values) {
        int columns = shape.isEmpty() ? 1 : shape.getLast();
        return add(name, type, shape, new WeightRows() {
            @Override
            public int rows() {
                return Math.toIntExact(elements(shape) / Math.max(1, columns));
            }

            @Override
            public int columns() {
                return columns;
            }

            @Override
            public void read(int n, float[] out) {
                for (int k = 0; k < columns; k++) {
                    out[k] = values.apply((long) n * columns + k);
                }
            }
        });
    }

    /** Adds a tensor whose last dimension is a row of {@code rows}, rounded to {@code type}. The rows are read when the file is written. */
    public SafetensorsWriter add(String name, WeightType type, List<Integer> shape, WeightRows rows) {
        if (!type.quantized()) {
            long bytes = Math.multiplyExact(elements(shape), type.bits() / 8);
            Part part = new Part(name, type.name(), List.copyOf(shape), bytes);
            entries.add(new Entry(List.of(part), arena -> List.of(floats(type, rows, arena.allocate(bytes)))));
            return this;
        }
        List<Integer> codes = withLast(shape, type == WeightType.Q8 ? rows.columns() : (rows.columns() + 1) / 2);
        List<Integer> scales = withLast(shape, WeightType.groups(rows.columns()));
        entries.add(new Entry(
                List.of(
                        new Part(name + TensorStore.CODES, type == WeightType.Q8 ? "I8" : "U8", codes, elements(codes)),
                        new Part(name + TensorStore.SCALES, "F16", scales, 2 * elements(scales))),
                arena -> codes(type, rows, codes.getLast(), scales.getLast(), arena)));
        return this;
    }

    /** Adds a copy of a tensor under its own name, as floats where our files do not know its type. */
    public SafetensorsWriter add(Tensor tensor) {
        if (!(tensor.data() instanceof PlainData plain)) {
            return add(tensor.name(), tensor.fileType(), tensor.shape(), new TensorRows(tensor));
        }
        Part part = new Part(tensor.name(), tensor.type().name(), tensor.shape(), plain.bytes());
        entries.add(new Entry(List.of(part), arena -> List.of(plain.data())));
        return this;
    }

    private static List<Integer> withLast(List<Integer> shape, int last) {
        List<Integer> changed = new ArrayList<>(shape);
        changed.set(shape.size() - 1, last);
        return List.copyOf(changed);
    }

    private static long elements(List<Integer> shape) {
        long elements = 1;
        for (int dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }

    private static MemorySegment floats(WeightType type, WeightRows rows, MemorySegment data) {
        float[] row = new float[rows.columns()];
        short[] halves = new short[row.length];
        for (int n = 0; n < rows.rows(); n++) {
            rows.read(n, row);
            if (type == WeightType.F32) {
                MemorySegment.copy(row, 0, data, PlainData.FLOAT, n * 4L * row.length, row.length);
                continue;
            }
            for (int k = 0; k < row.length; k++) {
                halves[k] = (short) type.fromFloat(row[k]);
            }
            MemorySegment.copy(halves, 0, data, PlainData.SHORT, n * 2L * row.length, row.length);
        }
        return data;
    }

    private static List<MemorySegment> codes(WeightType type, WeightRows rows, int rowBytes, int groups, Arena arena) {
        MemorySegment data = arena.allocate((long) rows.rows() * rowBytes);
        MemorySegment scaleData = arena.allocate(2L * rows.rows() * groups);
        float[] row = new float[rows.columns()];
        byte[] codes = new byte[row.length];
        byte[] bytes = new byte[rowBytes];
        short[] scales = new short[groups];
        for (int n = 0; n < rows.rows(); n++) {
            rows.readCodes(n, type, row, codes, scales);
            if (type == WeightType.Q8) {
                System.arraycopy(codes, 0, bytes, 0, rowBytes);
            } else {
                for (int i = 0; i < rowBytes; i++) {
                    int odd = 2 * i + 1 < codes.length ? codes[2 * i + 1] + 8 : 8;
                    bytes[i] = (byte) (codes[2 * i] + 8 | odd << 4);
                }
            }
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, (long) n * rowBytes, rowBytes);
            MemorySegment.copy(scales, 0, scaleData, PlainData.SHORT, 2L * n * groups, groups);
        }
        return List.of(data, scaleData);
    }

    /**
     * Writes everything to {@code file}, which must not exist.
     *
     * @param metadata strings for the header
     */
    public void write(Path file, Map<String, String> metadata) throws IOException {
        byte[] header = header(metadata);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer length =
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length);
            writeFully(channel, length);
            writeFully(channel, ByteBuffer.wrap(header));
            for (Entry entry : entries) {
                try (Arena arena = Arena.ofConfined()) {
                    for (MemorySegment data : entry.data().apply(arena)) {
                        writeSegment(channel, data);
                    }
                }
            }
            channel.force(true);
        }
    }

    private byte[] header(Map<String, String> metadata) {
        ObjectNode header = Json.object();
        ObjectNode strings = header.putObject("__metadata__");
        metadata.forEach(strings::put);
        long at = 0;
        for (Entry entry : entries) {
            for (Part part : entry.parts()) {
                ObjectNode node = header.putObject(part.name());
                node.put("dtype", part.dtype());
                ArrayNode shape = node.putArray("shape");
                part.shape().forEach(shape::add);
                node.putArray("data_offsets").add(at).add(at + part.bytes());
                at += part.bytes();
            }
        }
        String json = Json.text(header);
        int padding = (8 - json.getBytes(StandardCharsets.UTF_8).length % 8) % 8; // the data starts at a multiple of 8
        return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeSegment(FileChannel channel, MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize(); at += 1 << 24) {
            writeFully(
                    channel,
                    data.asSlice(at, Math.min(1 << 24, data.byteSize() - at)).asByteBuffer());
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
