package io.karipap.tokenizer.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What stands before the data of a GGUF file. Whether the tensors' data is inside the file is for whoever knows the sizes of their types.
 *
 * @param metadata keys and values; read from the file's memory when they are asked for
 * @param tensors in file order, their names differ
 * @param alignment of the tensors' data in bytes, a power of two
 * @param dataOffset byte of the file at which the tensors' data begins
 */
public record GgufHeader(GgufMetadata metadata, List<GgufTensorInfo> tensors, long alignment, long dataOffset) {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int MAX_DIMENSIONS = 4;
    private static final int MAX_ALIGNMENT = 1 << 20;
    private static final int LEAST_KEY_BYTES = 8 + 4 + 1;
    private static final int LEAST_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;
    private static final String ALIGNMENT = "general.alignment";

    public GgufHeader {
        tensors = List.copyOf(tensors);
    }

    /**
     * Maps a file and reads its header. The mapping lives as long as the metadata.
     *
     * @throws GgufFormatException if the file is malformed
     */
    public static GgufHeader read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        }
    }

    /**
     * Reads the header of a file.
     *
     * @param file the whole file
     * @throws GgufFormatException if the header is malformed
     */
    public static GgufHeader read(MemorySegment file) {
        GgufCursor cursor = new GgufCursor(file);
        if (file.byteSize() < 24 || cursor.int32() != MAGIC) {
            throw new GgufFormatException("is not a GGUF file");
        }
        int version = cursor.int32();
        if (version != 2 && version != 3) {
            throw new GgufFormatException("has GGUF version " + Integer.toUnsignedString(version)
                    + ((version & 0xffff) == 0 ? " (big-endian?)" : "") + ", expected 2 or 3");
        }
        long tensorCount = cursor.count("the list of tensors", LEAST_TENSOR_BYTES);
        long keys = cursor.count("the metadata", LEAST_KEY_BYTES);
        GgufMetadata metadata = GgufMetadata.read(cursor, keys);
        long alignment = metadata.number(ALIGNMENT, 32);
        if (alignment < 1 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw new GgufFormatException(
                    "gives " + ALIGNMENT + " as " + alignment + ", expected a power of two up to " + MAX_ALIGNMENT);
        }
        List<GgufTensorInfo> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (long i = 0; i < tensorCount; i++) {
            GgufTensorInfo tensor = tensor(cursor, i, alignment);
            if (!names.add(tensor.name())) {
                throw new GgufFormatException("lists tensor \"" + tensor.name() + "\" twice");
            }
            tensors.add(tensor);
        }
        long end = (cursor.at() + alignment - 1) / alignment * alignment;
        return new GgufHeader(metadata, tensors, alignment, end);
    }

    private static GgufTensorInfo tensor(GgufCursor cursor, long number, long alignment) {
        String name = cursor.string("the name of tensor " + number);
        int count = cursor.int32();
        if (count < 1 || count > MAX_DIMENSIONS) {
            throw new GgufFormatException("gives tensor \"" + name + "\" " + Integer.toUnsignedString(count)
                    + " dimensions, expected 1 to " + MAX_DIMENSIONS);
        }
        List<Long> dimensions = new ArrayList<>();
        long elements = 1;
        for (int d = 0; d < count; d++) {
            long dimension = cursor.int64();
            if (dimension < 1 || dimension > Integer.MAX_VALUE || elements > Long.MAX_VALUE / dimension) {
                throw new GgufFormatException(
                        "gives tensor \"" + name + "\" the impossible dimension " + Long.toUnsignedString(dimension));
            }
            dimensions.add(dimension);
            elements *= dimension;
        }
        int type = cursor.int32();
        long offset = cursor.int64();
        if (offset < 0 || offset % alignment != 0) {
            throw new GgufFormatException("places tensor \"" + name + "\" at byte " + Long.toUnsignedString(offset)
                    + " of its data, expected a multiple of " + alignment);
        }
        return new GgufTensorInfo(name, dimensions, type, offset);
    }
}
