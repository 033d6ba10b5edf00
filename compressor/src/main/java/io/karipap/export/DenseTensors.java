package io.karipap.export;

import io.karipap.format.Tensor;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.VectorShape;
import io.karipap.model.family.Families;
import io.karipap.model.family.StoredTensor;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tensors of a model as files of its family hold them: the matrices of networks rebuilt, what the family stores as one stacked. */
final class DenseTensors {
    private final TensorStore store;
    private final Map<String, TensorNetwork> networks;
    private final LinearAlgebra algebra;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * A tensor of a file.
     *
     * @param type of a vector, as it was stored; null for a matrix
     * @param rows of a matrix [out, in], or the one row of a vector
     * @param turned whether Hugging Face's files hold the matrix as [in, out]
     */
    record Entry(String name, WeightType type, WeightRows rows, boolean turned) {
        boolean vector() {
            return type != null;
        }

        /** The elements of a vector. */
        float[] values() {
            float[] values = new float[rows.columns()];
            rows.read(0, values);
            return values;
        }
    }

    /**
     * @param store tensors by the model's names, open as long as the rows are read
     * @param networks of the operators that are factored
     * @param algebra rebuilds their matrices; null where none is
     */
    DenseTensors(ModelConfig config, TensorStore store, Map<String, TensorNetwork> networks, LinearAlgebra algebra) {
        this.store = store;
        this.networks = networks;
        this.algebra = algebra;
        for (OperatorShape matrix : Stream.concat(config.operators().stream(), config.positions().stream())
                .toList()) {
            add(new Entry(matrix.name(), null, rows(matrix), false));
        }
        for (VectorShape vector : config.vectors()) {
            Tensor tensor = store.require(vector.name(), List.of(vector.size()));
            add(new Entry(vector.name(), tensor.fileType(), new TensorRows(tensor), false));
        }
        Families.of(config).stored(config).forEach(this::join);
    }

    /** In the order of the model, what is stacked last. */
    List<Entry> all() {
        return List.copyOf(entries.values());
    }

    private void add(Entry entry) {
        entries.put(entry.name(), entry);
    }

    private WeightRows rows(OperatorShape matrix) {
        TensorNetwork network = networks.get(matrix.name());
        return network == null
                ? new TensorRows(store.require(matrix.name(), List.of(matrix.out(), matrix.in())))
                : new Rebuilt(network, store, algebra);
    }

    private void join(StoredTensor stored) {
        List<Entry> parts = new ArrayList<>();
        stored.parts().forEach(part -> parts.add(entries.remove(part)));
        Entry first = parts.getFirst();
        List<WeightRows> rows = parts.stream().map(Entry::rows).toList();
        WeightRows joined =
                first.vector() ? concatenated(parts) : rows.size() == 1 ? rows.getFirst() : new StackedRows(rows);
        add(new Entry(stored.name(), first.type(), joined, stored.turned()));
    }

    private static WeightRows concatenated(List<Entry> vectors) {
        int size = vectors.stream().mapToInt(vector -> vector.rows().columns()).sum();
        float[] all = new float[size];
        int at = 0;
        for (Entry vector : vectors) {
            float[] values = vector.values();
            System.arraycopy(values, 0, all, at, values.length);
            at += values.length;
        }
        return WeightRows.of(1, size, all);
    }

    /** The dense matrix of a network, rebuilt when its first row is read: one at a time is in memory. */
    private static final class Rebuilt implements WeightRows {
        private final TensorNetwork network;
        private final TensorStore store;
        private final LinearAlgebra algebra;
        private float[] dense;

        Rebuilt(TensorNetwork network, TensorStore store, LinearAlgebra algebra) {
            this.network = network;
            this.store = store;
            this.algebra = algebra;
        }

        @Override
        public int rows() {
            return network.out();
        }

        @Override
        public int columns() {
            return network.in();
        }

        @Override
        public void read(int n, float[] out) {
            if (dense == null) {
                dense = OperatorNetwork.read(network, store).dense(algebra).toFloats();
            }
            System.arraycopy(dense, n * columns(), out, 0, columns());
            if (n == rows() - 1) {
                dense = null; // written; the next one needs the memory
            }
        }
    }
}
