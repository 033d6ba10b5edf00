package io.karipap.export;

import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.Rope;
import io.karipap.model.config.RopeScaling;
import io.karipap.model.config.TensorNames;
import io.karipap.model.family.Families;
import io.karipap.model.family.GgufLayout;
import io.karipap.network.NetworkFile;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Writes a dense model as a GGUF file for llama.cpp and its kin. */
public final class GgufExport {
    private final ModelConfig config;
    private final GgufLayout layout;
    private final TensorStore store;
    private final WeightType type;
    private final GgufWriter writer = new GgufWriter();

    private GgufExport(ModelConfig config, GgufLayout layout, TensorStore store, WeightType type) {
        this.config = config;
        this.layout = layout;
        this.store = store;
        this.type = type;
    }

    /**
     * Writes a model.
     *
     * @param directory Hugging Face directory, or GGUF file
     * @param type type of the matrices; vectors stay 32-bit floats
     * @throws ModelFormatException if the model is factored, or has what this export does not write
     */
    public static void write(Path directory, WeightType type, Path file) throws IOException {
        ModelSource source = ModelSource.of(directory);
        if (source.has(NetworkFile.NAME)) {
            throw new ModelFormatException(directory + " is factored; GGUF holds dense matrices only");
        }
        ModelConfig config = ModelLoader.readConfig(source);
        GgufLayout layout = Families.of(config)
                .gguf()
                .orElseThrow(() -> new ModelFormatException(directory + " is of the family " + config.modelType()
                        + ", of which this export does not know how GGUF holds it"));
        boolean windows = IntStream.range(0, config.layers())
                .anyMatch(layer -> config.layer(layer).window() < config.maxPositions());
        boolean scaled = config.ropes().stream().anyMatch(rope -> !(rope.scaling() instanceof RopeScaling.None));
        if (!config.biases().isEmpty() || scaled || windows) {
            throw new ModelFormatException(
                    directory
                            + " has biases, scaled rotary frequencies or attention over windows, which this export does not write");
        }
        try (TensorStore store = ModelLoader.open(source, config)) {
            GgufExport export = new GgufExport(config, layout, store, type);
            export.putConfig(source.modelName());
            export.putTokenizer(source, directory);
            export.addTensors();
            export.writer.write(file);
        }
    }

    private void putConfig(String name) {
        Rope rope = config.ropes().getFirst();
        String prefix = layout.architecture() + ".";
        writer.put("general.architecture", layout.architecture())
                .put("general.name", name)
                .put(prefix + "context_length", config.maxPositions())
                .put(prefix + "embedding_length", config.hiddenSize())
                .put(prefix + "block_count", config.layers())
                .put(prefix + "feed_forward_length", config.intermediateSize())
                .put(prefix + "attention.head_count", config.heads())
                .put(prefix + "attention.head_count_kv", config.kvHeads())
                .put(prefix + "attention.key_length", config.headDim())
                .put(prefix + "attention.value_length", config.headDim())
                .put(prefix + "attention.layer_norm_rms_epsilon", config.norms().epsilon())
                .put(prefix + "rope.freq_base", (float) rope.theta())
                .put(prefix + "rope.dimension_count", rope.dimensions())
                .put(prefix + "vocab_size", config.vocabularySize());
    }

    /** What a GGUF file said of the tokenizer is written as it was. */
    private void putTokenizer(ModelSource source, Path directory) throws IOException {
        Path vocabulary = directory.resolve(GgufVocabulary.NAME);
        if (source instanceof GgufSource gguf) {
            GgufVocabulary.keys(gguf.metadata())
                    .forEach(key -> writer.put(gguf.metadata().entry(key)));
        } else if (!source.has("tokenizer.json") && Files.exists(vocabulary)) {
            GgufMetadata metadata = GgufMetadata.read(vocabulary);
            GgufVocabulary.keys(metadata).forEach(key -> writer.put(metadata.entry(key)));
        } else {
            GgufTokenizer.read(source, config).put(writer);
        }
    }

    private void addTensors() {
        TensorNames stored = config.names();
        TensorNames written = layout.names();
        matrix(written.embedding(), stored.embedding(), config.vocabularySize(), config.hiddenSize());
        if (!config.tiedEmbedding()) {
            matrix(written.head(), stored.head(), config.vocabularySize(), config.hiddenSize());
        }
        vector(written.finalNormWeight(), stored.finalNormWeight(), config.hiddenSize());
        for (int layer = 0; layer < config.layers(); layer++) {
            for (BlockNorm norm : config.norms().places()) {
                vector(written.norm(norm, layer), stored.norm(norm, layer), config.width(norm));
            }
            for (Linear linear : config.linears()) {
                OperatorShape operator = config.operator(linear, layer);
                WeightRows rows =
                        new TensorRows(store.require(operator.name(), List.of(operator.out(), operator.in())));
                boolean interleaved = layout.interleaved() && (linear == Linear.Q || linear == Linear.K);
                writer.add(
                        written.weight(linear, layer),
                        type,
                        interleaved ? new InterleavedHalves(rows, config.headDim()) : rows);
            }
        }
    }

    private void vector(String name, String stored, int size) {
        writer.add(name, store.require(stored, List.of(size)).toFloats());
    }

    private void matrix(String name, String stored, int out, int in) {
        writer.add(name, type, new TensorRows(store.require(stored, List.of(out, in))));
    }

    /**
     * Rows of queries or keys in the order in which llama.cpp rotates them: pairs of neighbours, where Hugging Face's layout pairs the
     * first half of a head with the second.
     */
    private record InterleavedHalves(WeightRows source, int headDim) implements WeightRows {
        private int from(int n) {
            int head = n / headDim;
            int i = n % headDim;
            return head * headDim + i / 2 + i % 2 * (headDim / 2);
        }

        @Override
        public int columns() {
            return source.columns();
        }

        @Override
        public int rows() {
            return source.rows();
        }

        @Override
        public void read(int n, float[] out) {
            source.read(from(n), out);
        }

        @Override
        public void readCodes(int n, WeightType codeType, float[] row, byte[] codes, short[] scales) {
            source.readCodes(from(n), codeType, row, codes, scales);
        }
    }
}
