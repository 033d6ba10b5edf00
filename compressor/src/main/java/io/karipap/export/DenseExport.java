package io.karipap.export;

import io.karipap.directory.AtomicDirectory;
import io.karipap.directory.ModelDirectory;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.Tensor;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.family.Families;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.OperatorNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rebuilds the dense matrices of a Karipap directory as files, for other runtimes. Our own never does that. */
public final class DenseExport {
    private DenseExport() {}

    /**
     * Writes a Hugging Face directory.
     *
     * @param model Karipap or Hugging Face directory, or GGUF file
     * @param type of the matrices; codes of 8 and 4 bits are ours alone, others cannot read them
     * @param output new directory
     * @throws IOException if a file cannot be read or written
     * @throws ModelFormatException if the model is malformed
     */
    public static void write(Path model, WeightType type, Path output, LinearAlgebra algebra) throws IOException {
        if (type.quantized()) {
            throw new IllegalArgumentException(
                    "other runtimes do not read " + type + " in safetensors; expected F32, BF16 or F16");
        }
        ModelSource source = ModelSource.of(model);
        ModelConfig config = ModelLoader.readConfig(source);
        if (Families.of(config).rearranges(config)) {
            throw new ModelFormatException(model + " is of the family " + config.modelType()
                    + ", whose files have another form, which this export does not write");
        }
        Map<String, TensorNetwork> networks = ModelLoader.networks(source);
        Set<String> sites = new HashSet<>();
        networks.values().forEach(network -> network.sites().forEach(site -> sites.add(site.tensor())));
        try (AtomicDirectory directory = AtomicDirectory.create(output, false);
                TensorStore store = TensorStore.open(source)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (Tensor tensor : store.tensors().values()) {
                if (!sites.contains(tensor.name())) {
                    WeightType own = tensor.shape().size() < 2 ? tensor.fileType() : type;
                    writer.add(tensor.name(), own, tensor.shape(), new TensorRows(tensor));
                }
            }
            for (TensorNetwork network : networks.values()) {
                writer.add(
                        network.operator(),
                        type,
                        List.of(network.out(), network.in()),
                        new Rebuilt(network, store, algebra));
            }
            ModelDirectory.copyMetadata(model, directory.path());
            writer.write(directory.path().resolve("model.safetensors"), Map.of("format", "pt"));
            directory.commit();
        }
    }

    /** The dense matrix of a network, rebuilt when it is first read: one at a time is in memory. */
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
