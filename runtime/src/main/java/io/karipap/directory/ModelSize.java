package io.karipap.directory;

import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;

/**
 * Size of a model's weights as stored.
 *
 * @param parameters elements of all tensors, each counted once
 * @param bytes their bytes
 */
public record ModelSize(long parameters, long bytes) {
    public static ModelSize of(TensorStore store) {
        long parameters = 0;
        long bytes = 0;
        for (Tensor tensor : store.tensors().values()) {
            parameters += tensor.elements();
            bytes += tensor.bytes();
        }
        return new ModelSize(parameters, bytes);
    }
}
