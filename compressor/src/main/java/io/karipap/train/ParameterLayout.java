package io.karipap.train;

import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Where every trained tensor lies in one flat vector [P]: matrices and sites first, then norms and biases. One vector makes an update
 * a few operations, and a checkpoint three arrays.
 *
 * @param tensors in the order of the vector
 */
record ParameterLayout(List<TrainedTensor> tensors) {
    ParameterLayout {
        tensors = List.copyOf(tensors);
    }

    /**
     * All tensors of a model.
     *
     * @param networks of every operator, see {@link TorchTransformer#networks}
     * @param types what a tensor is stored as, by its name
     */
    static ParameterLayout of(
            ModelConfig config, Map<String, TensorNetwork> networks, Function<String, WeightType> types) {
        Map<String, TrainedTensor> matrices = new LinkedHashMap<>();
        for (TensorNetwork network : networks.values()) {
            for (Site site : network.sites()) {
                String name = site.tensor();
                matrices.put(name, new TrainedTensor(name, network.shape(site), types.apply(name)));
            }
        }
        List<TrainedTensor> tensors = new ArrayList<>(matrices.values());
        config.positions()
                .ifPresent(table -> tensors.add(
                        new TrainedTensor(table.name(), List.of(table.out(), table.in()), types.apply(table.name()))));
        config.vectors()
                .forEach(vector -> tensors.add(
                        new TrainedTensor(vector.name(), List.of(vector.size()), types.apply(vector.name()))));
        return new ParameterLayout(tensors);
    }

    /** P. */
    int size() {
        return tensors.stream().mapToInt(TrainedTensor::size).reduce(0, Math::addExact);
    }

    /** Bytes in the file. */
    long bytes() {
        return tensors.stream().mapToLong(TrainedTensor::bytes).sum();
    }

    /** The same with another type for one tensor. */
    ParameterLayout with(int tensor, WeightType type) {
        List<TrainedTensor> changed = new ArrayList<>(tensors);
        changed.set(tensor, changed.get(tensor).as(type));
        return new ParameterLayout(changed);
    }

    /** The same with one type for all matrices and sites. */
    ParameterLayout matricesAs(WeightType type) {
        return new ParameterLayout(tensors.stream()
                .map(tensor -> tensor.isVector() ? tensor : tensor.as(type))
                .toList());
    }

    /** How many of the first elements decay. */
    int decayed() {
        return tensors.stream()
                .filter(tensor -> !tensor.isVector())
                .mapToInt(TrainedTensor::size)
                .sum();
    }

    /** Sizes of the parts of the vector. */
    long[] sizes() {
        return tensors.stream().mapToLong(TrainedTensor::size).toArray();
    }

    /** The vector [P] of a model's files. */
    float[] read(TensorStore store) {
        float[] flat = new float[size()];
        int at = 0;
        for (TrainedTensor trained : tensors) {
            Tensor tensor = store.require(trained.name(), trained.shape());
            float[] values = tensor.toFloats();
            System.arraycopy(values, 0, flat, at, values.length);
            at += values.length;
        }
        return flat;
    }
}
