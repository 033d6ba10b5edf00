package io.karipap.train;

import io.karipap.kernels.WeightType;
import java.util.List;

/**
 * A tensor that is trained.
 *
 * @param name its name in the model's file
 * @param shape dimensions
 * @param type what it is stored as; in training its values are rounded to that type
 */
record TrainedTensor(String name, List<Integer> shape, WeightType type) {
    TrainedTensor {
        shape = List.copyOf(shape);
    }

    /** Elements. */
    int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** The same, stored as another type. */
    TrainedTensor as(WeightType other) {
        return new TrainedTensor(name, shape, other);
    }

    /** Bytes in the file, scales included. */
    long bytes() {
        int columns = shape.getLast();
        return size() / columns * type.rowBytes(columns);
    }

    /** Norms and biases, which do not decay. */
    boolean isVector() {
        return shape.size() < 2;
    }

    long[] dimensions() {
        return shape.stream().mapToLong(Integer::longValue).toArray();
    }
}
