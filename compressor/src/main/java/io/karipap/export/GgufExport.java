package io.karipap.export;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelConfig;
import io.karipap.model.ModelLoader;
import io.karipap.model.RopeScaling;
import io.karipap.model.TensorNames;
import io.karipap.model.TensorNames.Linear;
import io.karipap.network.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes a dense Llama-family model as a GGUF file for llama.cpp and its kin. */
public final class GgufExport {
    private final ModelSource source;
    private final ModelConfig config;
    private final TensorStore store;
    private final WeightType type;
    private final GgufWriter writer = new GgufWriter();

    private GgufExport(ModelSource source, ModelConfig config, TensorStore store, WeightType type) {
        this.source = source;
        this.config = config;
        this.store = store;
        this.type = type;
    }

    /**
     * Writes a model.
     *
     * @param directory Hugging Face directory
     * @param type type of the matrices; vectors stay 32-bit floats
     * @throws ModelFormatException if the model is factored, or has what GGUF's llama architecture cannot hold
     */
    public static void write(Path directory, WeightType type, Path file) throws IOException {
        ModelSource source = new ModelSource.Directory(directory);
        if (source.has(NetworkFile.NAME)) {
            throw new ModelFormatException(directory + " is factored; GGUF holds dense matrices only");
        }
        ModelConfig config = ModelLoader.readConfig(source);
        if (config.attentionBias() || !(config.ropeScaling() instanceof RopeScaling.None)) {
            throw new ModelFormatException(
                    directory + " has attention biases or scaled rotary frequencies, which this export does not write");
        }
        try (TensorStore store = TensorStore.open(source)) {
            GgufExport export = new GgufExport(source, config, store, type);
            export.putConfig(directory.toAbsolutePath().getFileName().toString());
            GgufTokenizer.read(source, config).put(export.writer);
            export.addTensors();
            export.writer.write(file);
        }
    }

    private void putConfig(String name) {
        writer.put("general.architecture", "llama")
                .put("general.name", name)
                .put("llama.context_length", config.maxPositions())
                .put("llama.embedding_length", config.hiddenSize())
                .put("llama.block_count", config.layers())
                .put("llama.feed_forward_length", config.intermediateSize())
                .put("llama.attention.head_count", config.heads())
                .put("llama.attention.head_count_kv", config.kvHeads())
                .put("llama.attention.key_length", config.headDim())
                .put("llama.attention.value_length", config.headDim())
                .put("llama.attention.layer_norm_rms_epsilon", config.normEpsilon())
                .put("llama.rope.freq_base", (float) config.ropeTheta())
                .put("llama.rope.dimension_count", config.headDim())
                .put("llama.vocab_size", config.vocabularySize());
    }

    private void addTensors() {
        matrix("token_embd.weight", TensorNames.EMBEDDING, config.vocabularySize(), config.hiddenSize());
        if (!config.tiedEmbedding()) {
            matrix("output.weight", TensorNames.HEAD, config.vocabularySize(), config.hiddenSize());
        }
        vector("output_norm.weight", TensorNames.FINAL_NORM);
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "blk." + layer + ".";
            vector(block + "attn_norm.weight", TensorNames.attentionNorm(layer));
            vector(block + "ffn_norm.weight", TensorNames.mlpNorm(layer));
            for (Linear linear : Linear.values()) {
                matrix(block + name(linear), linear.weight(layer), linear.out(config), linear.in(config));
            }
        }
    }

    private static String name(Linear linear) {
        return switch (linear) {
            case Q -> "attn_q.weight";
            case K -> "attn_k.weight";
            case V -> "attn_v.weight";
            case O -> "attn_output.weight";
            case GATE -> "ffn_gate.weight";
            case UP -> "ffn_up.weight";
            case DOWN -> "ffn_down.weight";
        };
    }

    private void vector(String name, String stored) {
        writer.add(name, store.require(stored, List.of(config.hiddenSize())).toFloats());
    }

    private void matrix(String name, String stored, int out, int in) {
        Tensor tensor = store.require(stored, List.of(out, in));
        WeightRows rows = new TensorRows(tensor);
        boolean rotated = name.endsWith("attn_q.weight") || name.endsWith("attn_k.weight");
        writer.add(name, type, rotated ? new InterleavedHalves(rows, config.headDim()) : rows);
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
