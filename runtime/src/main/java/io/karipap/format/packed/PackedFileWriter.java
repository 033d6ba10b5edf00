package io.karipap.format.packed;

import io.karipap.kernels.PackedMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/** Writes a file of packed weights: the matrices, the index behind them, and the header when all is there. */
final class PackedFileWriter {
    private static final long CHUNK_BYTES = 4L << 20;

    private final FileChannel channel;
    private final LongConsumer progress;
    private long at = PackedHeader.BYTES;

    private PackedFileWriter(FileChannel channel, LongConsumer progress) {
        this.channel = channel;
        this.progress = progress;
    }

    static void write(Path file, String key, Map<String, PackedMatrix> weights, LongConsumer progress)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            new PackedFileWriter(channel, progress).write(key, weights);
        }
    }

    private void write(String key, Map<String, PackedMatrix> weights) throws IOException {
        List<PackedIndex.Part> parts = new ArrayList<>();
        for (Map.Entry<String, PackedMatrix> weight : weights.entrySet()) {
            PackedMatrix matrix = weight.getValue();
            long start = at;
            int crc = append(matrix.data());
            parts.add(
                    new PackedIndex.Part(weight.getKey(), matrix.type(), matrix.rows(), matrix.columns(), start, crc));
            at = (at + PackedIndex.ALIGNMENT - 1) / PackedIndex.ALIGNMENT * PackedIndex.ALIGNMENT;
        }
        long indexAt = at;
        byte[] index = new PackedIndex(key, parts).toBytes();
        int crc = append(MemorySegment.ofArray(index));
        all(new PackedHeader(crc, indexAt, index.length, at).toBytes(), 0);
    }

    /** Writes bytes and returns their CRC-32C. */
    private int append(MemorySegment bytes) throws IOException {
        CRC32C crc = new CRC32C();
        for (long from = 0; from < bytes.byteSize(); from += CHUNK_BYTES) {
            long length = Math.min(CHUNK_BYTES, bytes.byteSize() - from);
            ByteBuffer chunk = bytes.asSlice(from, length).asByteBuffer();
            crc.update(chunk.duplicate());
            all(chunk, at);
            at += length;
            progress.accept(at);
        }
        return (int) crc.getValue();
    }

    private void all(ByteBuffer bytes, long position) throws IOException {
        for (long to = position; bytes.hasRemaining(); ) {
            to += channel.write(bytes, to);
        }
    }
}
