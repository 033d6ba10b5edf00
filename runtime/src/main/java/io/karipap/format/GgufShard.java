package io.karipap.format;

import io.karipap.format.block.BlockType;
import io.karipap.kernels.WeightType;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufHeader;
import io.karipap.tokenizer.gguf.GgufTensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One file of a GGUF model whose tensors are known to lie inside of it.
 *
 * @param header what it says
 * @param size bytes of the file when it was checked
 * @param tensors where the tensors lie
 */
record GgufShard(Path path, GgufHeader header, long size, List<Extent> tensors) {
    /**
     * A tensor in the file.
     *
     * @param floats its type if it holds floating-point numbers, else null
     * @param block its type if it holds blocks, else null
     * @param begin first byte in the file
     */
    record Extent(GgufTensorInfo info, WeightType floats, BlockType block, long begin, long bytes) {
        private long end() {
            return begin + bytes;
        }

        /** Rows first, columns last. */
        List<Integer> shape() {
            return info.dimensions().reversed().stream().map(Math::toIntExact).toList();
        }

        int columns() {
            return Math.toIntExact(info.dimensions().getFirst());
        }

        TensorData data(MemorySegment file) {
            MemorySegment bytesOfFile = file.asSlice(begin, bytes);
            return block == null ? new PlainData(floats, bytesOfFile) : new BlockData(block, columns(), bytesOfFile);
        }
    }

    /**
     * Maps a file, reads its header and checks where its tensors lie.
     *
     * @throws GgufFormatException if the file is malformed
     */
    static GgufShard open(Path path) throws IOException {
        MemorySegment file = map(path, Arena.ofAuto());
        GgufHeader header = GgufHeader.read(file);
        List<Extent> tensors = new ArrayList<>();
        for (GgufTensorInfo info : header.tensors()) {
            tensors.add(extent(info, header.dataOffset(), file.byteSize()));
        }
        List<Extent> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.comparingLong(Extent::begin));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).begin() < sorted.get(i - 1).end()) {
                throw new GgufFormatException("has overlapping tensors \""
                        + sorted.get(i - 1).info().name() + "\" and \""
                        + sorted.get(i).info().name() + "\"");
            }
        }
        return new GgufShard(path, header, file.byteSize(), tensors);
    }

    private static Extent extent(GgufTensorInfo info, long dataOffset, long size) {
        WeightType floats =
                switch (info.type()) {
                    case 0 -> WeightType.F32;
                    case 1 -> WeightType.F16;
                    case 30 -> WeightType.BF16;
                    default -> null;
                };
        Optional<BlockType> block = BlockType.numbered(info.type());
        if (floats == null && block.isEmpty()) {
            throw new GgufFormatException("gives tensor \"" + info.name() + "\" the type " + unsupported(info.type())
                    + ", which is not supported");
        }
        long columns = info.dimensions().getFirst();
        long unit = block.map(type -> (long) type.columns()).orElse(1L);
        if (columns % unit != 0) {
            throw new GgufFormatException("gives tensor \"" + info.name() + "\" rows of " + columns + " columns, but "
                    + block.get() + " has blocks of " + unit);
        }
        long units = info.elements() / unit;
        long unitBytes = block.map(type -> (long) type.bytes()).orElseGet(() -> floats.bits() / 8L);
        long begin = dataOffset + info.offset();
        if (begin < 0 || begin > size || units > (size - begin) / unitBytes) {
            throw new GgufFormatException("places tensor \"" + info.name() + "\" of shape "
                    + info.dimensions().reversed() + " at byte " + Long.toUnsignedString(begin) + ", beyond its "
                    + size + " bytes (truncated?)");
        }
        return new Extent(info, floats, block.orElse(null), begin, units * unitBytes);
    }

    private static String unsupported(int type) {
        String name =
                switch (type) {
                    case 4 -> "Q4_2";
                    case 5 -> "Q4_3";
                    case 9 -> "Q8_1";
                    case 15 -> "Q8_K";
                    case 24 -> "I8";
                    case 25 -> "I16";
                    case 26 -> "I32";
                    case 27 -> "I64";
                    case 28 -> "F64";
                    case 31, 32, 33 -> "Q4_0 of interleaved rows";
                    case 36, 37, 38 -> "IQ4_NL of interleaved rows";
                    case 41 -> "Q1_0";
                    default -> "unknown";
                };
        return Integer.toUnsignedString(type) + " (" + name + ")";
    }

    /** Maps the file again, for as long as {@code arena} lives. */
    MemorySegment map(Arena arena) throws IOException {
        MemorySegment file = map(path, arena);
        if (file.byteSize() != size) {
            throw new ModelFormatException(
                    path + " had " + size + " bytes and has " + file.byteSize() + " while it is read");
        }
        return file;
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
