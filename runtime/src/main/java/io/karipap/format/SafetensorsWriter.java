package io.karipap.format;

import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a safetensors file: declare every tensor, then write the file, one tensor in memory at a time. */
public final class SafetensorsWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(
            String name, WeightType type, List<Integer> shape, LongFunction<Float> values, MemorySegment raw) {
        long bytes() {
            long size = type.bytes();
            for (int dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
            return size;
        }
    }

    /** Adds a tensor whose element number i, in row-major order, is {@code values.apply(i)} rounded to {@code type}. */
    public SafetensorsWriter add(String name, WeightType type, List<Integer> shape, LongFunction<Float> values) {
        entries.add(new Entry(name, type, List.copyOf(shape), values, null));
        return this;
    }

    /** Adds a copy of a tensor under its own name. */
    public SafetensorsWriter add(Tensor tensor) {
        entries.add(new Entry(tensor.name(), tensor.type(), tensor.shape(), null, tensor.data()));
        return this;
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
                if (entry.raw() != null) {
                    writeSegment(channel, entry.raw());
                    continue;
                }
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment data = arena.allocate(entry.bytes());
                    long count = entry.bytes() / entry.type().bytes();
                    for (long i = 0; i < count; i++) {
                        Tensor.set(data, entry.type(), i, entry.values().apply(i));
                    }
                    writeSegment(channel, data);
                }
            }
            channel.force(true);
        }
    }

    private byte[] header(Map<String, String> metadata) {
        ObjectNode header = MAPPER.createObjectNode();
        ObjectNode strings = header.putObject("__metadata__");
        metadata.forEach(strings::put);
        long at = 0;
        for (Entry entry : entries) {
            ObjectNode node = header.putObject(entry.name());
            node.put("dtype", entry.type().name());
            ArrayNode shape = node.putArray("shape");
            entry.shape().forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + entry.bytes());
            at += entry.bytes();
        }
        String json = MAPPER.writeValueAsString(header);
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
