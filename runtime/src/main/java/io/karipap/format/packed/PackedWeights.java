package io.karipap.format.packed;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WorkerTeam;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;

/** The packed weights of a model as a file holds them: mapped, their pages shared with whoever else maps them. */
public final class PackedWeights {
    private static final long CHUNK_BYTES = 16L << 20;

    private final Map<String, PackedMatrix> matrices = new HashMap<>();

    private PackedWeights() {}

    /**
     * Maps a file and checks every byte of it.
     *
     * @param key what its weights must have been made of
     * @param memory whose they become
     * @throws PackedFormatException if the file is damaged or of something else
     */
    static PackedWeights open(Path file, String key, WeightMemory memory, WorkerTeam team) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                WeightMemory.Mapping mapping = memory.map(channel)) {
            MemorySegment bytes = mapping.bytes();
            PackedHeader header = PackedHeader.read(
                    ByteBuffer.wrap(bytes.asSlice(0, Math.min(PackedHeader.BYTES, bytes.byteSize()))
                            .toArray(ValueLayout.JAVA_BYTE)),
                    bytes.byteSize());
            MemorySegment indexBytes = bytes.asSlice(header.indexAt(), header.indexBytes());
            if (crc(indexBytes) != header.indexCrc()) {
                throw new PackedFormatException("has a damaged index");
            }
            PackedIndex index = PackedIndex.read(indexBytes.toArray(ValueLayout.JAVA_BYTE), header.indexAt());
            if (!index.key().equals(key)) {
                throw new PackedFormatException("was made of another version of the model, or by one of Karipap");
            }
            check(index.parts(), bytes, team);
            PackedWeights weights = new PackedWeights();
            for (PackedIndex.Part part : index.parts()) {
                weights.matrices.put(
                        part.name(),
                        PackedMatrix.of(
                                part.type(), part.rows(), part.columns(), mapping.use(part.at(), part.bytes())));
            }
            mapping.keep();
            return weights;
        }
    }

    private static void check(List<PackedIndex.Part> parts, MemorySegment bytes, WorkerTeam team)
            throws PackedFormatException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<String> damaged = new AtomicReference<>();
        team.run((part, count) -> {
            for (int i = next.getAndIncrement(); i < parts.size(); i = next.getAndIncrement()) {
                PackedIndex.Part matrix = parts.get(i);
                if (crc(bytes.asSlice(matrix.at(), matrix.bytes())) != matrix.crc()) {
                    damaged.set(matrix.name());
                }
            }
        });
        if (damaged.get() != null) {
            throw new PackedFormatException("is damaged in \"" + damaged.get() + "\"");
        }
    }

    private static int crc(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        for (long from = 0; from < bytes.byteSize(); from += CHUNK_BYTES) {
            crc.update(bytes.asSlice(from, Math.min(CHUNK_BYTES, bytes.byteSize() - from))
                    .asByteBuffer());
        }
        return (int) crc.getValue();
    }

    /** The matrix of that name. */
    public Optional<PackedMatrix> find(String name) {
        return Optional.ofNullable(matrices.get(name));
    }
}
