package io.karipap.model.family;

import io.karipap.format.ModelFormatException;
import io.karipap.format.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors of a file on their way to the form in which every operator is a matrix of its own. What is in that form already stays. */
final class FusedTensors {
    private final Map<String, Tensor> tensors;

    FusedTensors(Map<String, Tensor> file) {
        tensors = new LinkedHashMap<>(file);
    }

    /** Whether there is a tensor of that name and shape. */
    boolean has(String name, List<Integer> shape) {
        return tensors.containsKey(name) && tensors.get(name).shape().equals(shape);
    }

    /**
     * Splits a tensor into its parts, by its rows.
     *
     * @throws ModelFormatException if it has another number of rows
     */
    void split(StoredTensor stored) {
        Tensor tensor = tensors.get(stored.name());
        if (tensor == null) {
            return;
        }
        int expected = stored.rows().stream().mapToInt(Integer::intValue).sum();
        if (tensor.shape().isEmpty() || tensor.shape().getFirst() != expected) {
            throw new ModelFormatException("tensor \"" + stored.name() + "\" has the shape " + tensor.shape()
                    + ", expected " + expected + " rows");
        }
        tensors.remove(stored.name());
        int from = 0;
        for (int i = 0; i < stored.parts().size(); i++) {
            int rows = stored.rows().get(i);
            String part = stored.parts().get(i);
            tensors.put(part, rows == expected ? tensor.named(part) : tensor.rows(part, from, rows));
            from += rows;
        }
    }

    /** Turns a matrix that is stored as [in, out]. */
    void transpose(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor != null) {
            tensors.put(name, tensor.transposed(name));
        }
    }

    Map<String, Tensor> all() {
        return tensors;
    }
}
