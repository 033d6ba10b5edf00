package io.karipap.compress;

import io.karipap.ansatz.Metric;
import io.karipap.ansatz.OperatorNetwork;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import io.karipap.model.config.Input;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.TensorNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The operators of a dense model.
 *
 * @param blocks by kind
 * @param others embedding and head
 */
record DenseModel(List<Map<String, Operator>> blocks, List<Operator> others) {
    List<Operator> all() {
        List<Operator> all = new ArrayList<>(others);
        blocks.forEach(block -> all.addAll(block.values()));
        return all;
    }

    /** The same with every operator changed. */
    DenseModel map(UnaryOperator<Operator> change) {
        List<Map<String, Operator>> changed = new ArrayList<>();
        for (Map<String, Operator> block : blocks) {
            Map<String, Operator> own = new LinkedHashMap<>();
            block.forEach((kind, operator) -> own.put(kind, change.apply(operator)));
            changed.add(own);
        }
        return new DenseModel(changed, others.stream().map(change).toList());
    }

    /**
     * @param ids tokens of the calibration text: they tell how often rows of an embedding are looked up
     */
    static DenseModel of(ModelConfig config, TensorStore store, Calibration calibration, int[] ids) {
        Operator.OperatorSource reader = new Operator.OperatorSource() {
            @Override
            public Matrix weights(Operator operator) {
                Tensor tensor = store.require(operator.name(), List.of(operator.rows(), operator.columns()));
                return new Matrix(operator.rows(), operator.columns(), OperatorNetwork.elements(tensor));
            }

            @Override
            public Metric metric(Operator operator) {
                return operator.place() == null
                        ? Metric.flat(operator.columns())
                        : calibration.metric(operator.place());
            }
        };
        List<Map<String, Operator>> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            Map<String, Operator> block = new LinkedHashMap<>();
            for (Linear linear : config.linears()) {
                OperatorShape shape = config.operator(linear, layer);
                WeightType type = store.require(shape.name(), List.of(shape.out(), shape.in()))
                        .type();
                block.put(
                        linear.name(),
                        new Operator(
                                shape.name(),
                                shape.out(),
                                shape.in(),
                                type,
                                new Place(layer, linear.input()),
                                null,
                                1,
                                reader));
            }
            blocks.add(block);
        }
        Place head = new Place(config.layers(), Input.HEAD);
        TensorNames names = config.names();
        int v = config.vocabularySize();
        int d = config.hiddenSize();
        List<Operator> others = new ArrayList<>();
        WeightType type = store.require(names.embedding(), List.of(v, d)).type();
        others.add(new Operator(
                names.embedding(),
                v,
                d,
                type,
                config.tiedEmbedding() ? head : null,
                rowWeights(ids, v, config.tiedEmbedding()),
                1,
                reader));
        if (!config.tiedEmbedding()) {
            WeightType headType = store.require(names.head(), List.of(v, d)).type();
            others.add(new Operator(names.head(), v, d, headType, head, null, 1, reader));
        }
        return new DenseModel(blocks, others);
    }

    /** How often a row is looked up; where it is a row of the head as well, half of its weight is that of every other row. */
    private static double[] rowWeights(int[] ids, int vocabulary, boolean tied) {
        double even = tied ? 0.5 : 0.05;
        double[] weights = new double[vocabulary];
        Arrays.fill(weights, even);
        for (int id : ids) {
            weights[id] += (1 - even) * vocabulary / ids.length;
        }
        return weights;
    }
}
