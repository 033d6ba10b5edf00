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
     * Splits a tensor by its rows.
     *
     * @param names of the parts
     * @param rows of every part
     * @throws ModelFormatException if it has another number of rows
     */
    void split(String fused, List<String> names, List<Integer> rows) {
        Tensor tensor = tensors.get(fused);
        if (tensor == null) {
            return;
        }
        int expected = rows.stream().mapToInt(Integer::intValue).sum();
        if (tensor.shape().isEmpty() || tensor.shape().getFirst() != expected) {
            throw new ModelFormatException(
                    "tensor \"" + fused + "\" has the shape " + tensor.shape() + ", expected " + expected + " rows");
        }
        tensors.remove(fused);
        int from = 0;
        for (int i = 0; i < names.size(); i++) {
            tensors.put(names.get(i), tensor.rows(names.get(i), from, rows.get(i)));
            from += rows.get(i);
        }
    }

    /** Turns a matrix that is stored as [in, out], and gives it another name. */
    void transpose(String stored, String name) {
        Tensor tensor = tensors.remove(stored);
        if (tensor != null) {
            tensors.put(name, tensor.transposed(name));
        }
    }

    void rename(String stored, String name) {
        Tensor tensor = tensors.remove(stored);
        if (tensor != null) {
            tensors.put(name, tensor.named(name));
        }
    }

    Map<String, Tensor> all() {
        return tensors;
    }
}
