package io.karipap.tokenizer.gguf;

import java.util.List;

/**
 * What the header says about a tensor.
 *
 * @param name name in the file
 * @param dimensions one to four sizes of at least 1, the fastest running (columns) first; their product fits a long
 * @param type ggml's number of the element type
 * @param offset first byte, counted from {@link GgufHeader#dataOffset()}; a multiple of the alignment
 */
public record GgufTensorInfo(String name, List<Long> dimensions, int type, long offset) {
    public GgufTensorInfo {
        dimensions = List.copyOf(dimensions);
    }

    /** Number of elements. */
    public long elements() {
        long elements = 1;
        for (long dimension : dimensions) {
            elements *= dimension;
        }
        return elements;
    }
}
