package io.karipap.model.family;

import java.util.List;

/**
 * A tensor of a family's files that is not one of the model's own: several of them stacked, or turned, or another name.
 *
 * @param name in the file
 * @param parts names of the model's tensors, in the order of their rows
 * @param rows of every part
 * @param turned whether Hugging Face's files hold it as [in, out]; other files do not
 */
public record StoredTensor(String name, List<String> parts, List<Integer> rows, boolean turned) {
    public StoredTensor {
        parts = List.copyOf(parts);
        rows = List.copyOf(rows);
    }
}
