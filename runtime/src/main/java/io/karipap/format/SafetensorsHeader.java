package io.karipap.format;

import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the header of a safetensors file: eight bytes of header length, then JSON with the type, shape and byte range of every
 * tensor, then the bytes. As the format demands, the ranges must fill the rest of the file without overlaps and holes.
 */
final class SafetensorsHeader {
    /** The limit of the reference implementation. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String file;
    private final MemorySegment bytes;

    private SafetensorsHeader(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * @param file name for messages
     * @param bytes the whole file
     * @throws ModelFormatException if the header is malformed
     */
    static Map<String, Tensor> read(String file, MemorySegment bytes) {
        return new SafetensorsHeader(file, bytes).tensors();
    }

    private record Range(String name, long begin, long end) {}

    private Map<String, Tensor> tensors() {
        if (bytes.byteSize() < 8) {
            throw fail("has " + bytes.byteSize() + " bytes, too few for a safetensors header");
        }
        long length = bytes.get(LONG, 0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > bytes.byteSize() - 8) {
            throw fail("gives its header " + Long.toUnsignedString(length) + " bytes, but the file has "
                    + bytes.byteSize() + " (truncated or not safetensors?)");
        }
        MemorySegment data = bytes.asSlice(8 + length);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Range> ranges = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : parse(length).properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                Tensor tensor = tensor(entry.getKey(), entry.getValue(), data, ranges);
                tensors.put(tensor.name(), tensor);
            }
        }
        checkRanges(ranges, data.byteSize());
        return tensors;
    }

    private JsonNode parse(long length) {
        try {
            JsonNode header = Json.parseStrictly(bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
            if (!header.isObject()) {
                throw fail("has a header that is not a JSON object");
            }
            return header;
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " has a header that is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Tensor tensor(String name, JsonNode entry, MemorySegment data, List<Range> ranges) {
        JsonNode offsets = entry.path("data_offsets");
        JsonNode dimensions = entry.path("shape");
        if (!offsets.isArray() || offsets.size() != 2 || !dimensions.isArray()) {
            throw fail("describes tensor \"" + name + "\" without shape and data_offsets");
        }
        long begin = integer(name, offsets.get(0));
        long end = integer(name, offsets.get(1));
        if (begin > end || end > data.byteSize()) {
            throw fail("places tensor \"" + name + "\" at bytes " + begin + ".." + end + ", outside its "
                    + data.byteSize() + " bytes of data");
        }
        String dtype = entry.path("dtype").asString("");
        WeightType type = type(name, dtype);
        List<Integer> shape = new ArrayList<>();
        long size = type.quantized() ? 1 : type.bits() / 8;
        for (JsonNode dimension : dimensions) {
            long value = integer(name, dimension);
            if (value > Integer.MAX_VALUE || value != 0 && size > Long.MAX_VALUE / value) {
                throw fail("gives tensor \"" + name + "\" the impossible shape " + dimensions);
            }
            shape.add((int) value);
            size *= value;
        }
        if (size != end - begin) {
            throw fail("gives tensor \"" + name + "\" " + (end - begin) + " bytes, but " + dtype + " of shape " + shape
                    + " takes " + size);
        }
        ranges.add(new Range(name, begin, end));
        if (type == WeightType.Q4 && !shape.isEmpty()) {
            shape.set(shape.size() - 1, Math.multiplyExact(shape.getLast(), 2)); // two codes a byte
        }
        return new Tensor(name, type, shape, data.asSlice(begin, end - begin));
    }

    private long integer(String name, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw fail("describes tensor \"" + name + "\" with " + node + " where a size was expected");
        }
        return node.longValue();
    }

    private WeightType type(String name, String type) {
        return switch (type) {
            case "F32" -> WeightType.F32;
            case "F16" -> WeightType.F16;
            case "BF16" -> WeightType.BF16;
            case "I8" -> codes(name, type, WeightType.Q8);
            case "U8" -> codes(name, type, WeightType.Q4);
            default -> throw fail("gives tensor \"" + name + "\" the type \"" + type + "\", expected F32, F16 or BF16");
        };
    }

    private WeightType codes(String name, String dtype, WeightType type) {
        if (!name.endsWith(TensorStore.CODES)) {
            throw fail("gives tensor \"" + name + "\" the type \"" + dtype
                    + "\", which only quantised weights have (named *" + TensorStore.CODES + ")");
        }
        return type;
    }

    private void checkRanges(List<Range> ranges, long size) {
        ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
        long at = 0;
        for (Range range : ranges) {
            if (range.begin() != at) {
                throw fail("has " + (range.begin() < at ? "overlapping tensors" : "a hole") + " before tensor \""
                        + range.name() + "\": it begins at byte " + range.begin() + ", expected " + at);
            }
            at = range.end();
        }
        if (at != size) {
            throw fail("has " + (size - at) + " bytes after its last tensor");
        }
    }

    private ModelFormatException fail(String what) {
        return new ModelFormatException(file + " " + what);
    }
}
