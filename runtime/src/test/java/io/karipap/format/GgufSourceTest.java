package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.block.AffineRow;
import io.karipap.format.block.BlockType;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Rope;
import io.karipap.model.config.RopeScaling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GGUF files as models: what they become, and what is refused. */
class GgufSourceTest {
    @TempDir
    private Path directory;

    private ModelSource source(GgufBuilder builder) throws IOException {
        return source(builder.build());
    }

    private ModelSource source(byte[] bytes) throws IOException {
        return ModelSource.of(Files.write(directory.resolve("model.gguf"), bytes));
    }

    private void assertRefused(GgufBuilder builder, String... parts) {
        assertRefused(builder.build(), parts);
    }

    private void assertRefused(byte[] bytes, String... parts) {
        assertThatThrownBy(() -> source(bytes))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.gguf")
                .hasMessageContainingAll(parts);
    }

    private static GgufBuilder withEmbedding(String architecture) {
        return SmallGguf.metadata(architecture).floats("token_embd.weight", 0, SmallGguf.VOCABULARY, SmallGguf.HIDDEN);
    }

    private static JsonNode json(ModelSource source) throws IOException {
        return JsonMapper.builder().build().readTree(source.read("config.json"));
    }

    @Test
    void metadataBecomeAConfiguration() throws IOException {
        ModelSource source = source(SmallGguf.llama());
        ModelConfig config = ModelLoader.readConfig(source);
        assertThat(config.attention()).isEqualTo(AttentionConfig.of(2, 1, 32));
        assertThat(new int[] {
                    config.hiddenSize(),
                    config.intermediateSize(),
                    config.layers(),
                    config.vocabularySize(),
                    config.maxPositions()
                })
                .containsExactly(64, 256, 2, 260, 128);
        assertThat(config.norms().epsilon()).isEqualTo(1e-5f);
        assertThat(config.ropes()).containsExactly(new Rope(32, 10_000, new RopeScaling.None()));
        assertThat(config.tiedEmbedding()).isTrue();
        assertThat(config.biases()).isEmpty();
        assertThat(json(source).path("bos_token_id").asInt()).isZero();
        assertThat(json(source).path("eos_token_id")).hasToString("[1,2]");
        assertThat(source.modelName()).isEqualTo("model");
    }

    @Test
    void aWholeModelGenerates() throws IOException {
        Path file = Files.write(directory.resolve("small.gguf"), SmallGguf.llama());
        try (LanguageModel model = LanguageModel.load(file)) {
            assertThat(model.name()).isEqualTo("small");
            assertThat(model.tokenizer().encode("th ")).containsExactly(259, 3 + 32);
            assertThat(model.generate("the", GenerationOptions.greedy(4), piece -> {})
                            .completionTokens())
                    .isBetween(1, 4);
        }
    }

    @Test
    void theStoredTypesAreKept() throws IOException {
        try (TensorStore store = TensorStore.open(source(SmallGguf.llama()))) {
            assertThat(store.tensors()).hasSize(2 + 2 * 9).doesNotContainKey("token_embd.weight");
            Tensor embedding = store.require("model.embed_tokens.weight", List.of(260, 64));
            assertThat(embedding.type()).isEqualTo(WeightType.Q8);
            assertThat(embedding.data().stored()).isEqualTo("Q8_0");
            assertThat(embedding.bytes()).isEqualTo(260 * 2 * 34);
            Tensor down = store.require("model.layers.1.mlp.down_proj.weight", List.of(64, 256));
            assertThat(down.type()).isEqualTo(WeightType.S8_16);
            assertThat(down.data().stored()).isEqualTo("IQ2_S");
            assertThat(down.data().affineRow(3).group()).isEqualTo(16);
        }
    }

    @Test
    void rowsOfQueriesAndKeysGetTheOrderOfHuggingFace() throws IOException {
        GgufBuilder llama = withEmbedding("llama")
                .floats("blk.0.attn_q.weight", 0, 64, 64)
                .floats("blk.0.attn_k.bias", 0, 32)
                .floats("blk.0.attn_v.weight", 0, 32, 64);
        try (TensorStore store = TensorStore.open(source(llama))) {
            Tensor q = store.require("model.layers.0.self_attn.q_proj.weight", List.of(64, 64));
            float[] row = new float[64];
            q.read(
                    64 * (32 + 5),
                    64,
                    row); // component 5 of the second head was number 10, component 16 + 5 was number 11
            assertThat(row[0]).isEqualTo(64 * (32 + 10));
            q.read(64 * (16 + 5), 64, row);
            assertThat(row[3]).isEqualTo(64 * 11 + 3);
            assertThat(q.get(64 * (16 + 5) + 3)).isEqualTo(64 * 11 + 3);
            float[] bias = store.require("model.layers.0.self_attn.k_proj.bias", List.of(32))
                    .toFloats();
            assertThat(bias).startsWith(0, 2, 4, 6).endsWith(27, 29, 31);
            assertThat(store.require("model.layers.0.self_attn.v_proj.weight", List.of(32, 64))
                            .get(64))
                    .isEqualTo(64);
        }
        GgufBuilder qwen = withEmbedding("qwen2").floats("blk.0.attn_q.weight", 0, 64, 64);
        try (TensorStore store = TensorStore.open(source(qwen))) {
            assertThat(store.require("model.layers.0.self_attn.q_proj.weight", List.of(64, 64))
                            .get(64 * 37))
                    .isEqualTo(64 * 37);
        }
    }

    @Test
    void theOneInGemmasNormsIsTakenAway() throws IOException {
        GgufBuilder gemma = withEmbedding("gemma3")
                .floats("blk.1.attn_q_norm.weight", 3, 32)
                .floats("blk.1.ffn_norm.weight", 5, 64);
        ModelSource source = source(gemma);
        try (TensorStore store = TensorStore.open(source)) {
            assertThat(store.require("model.layers.1.self_attn.q_norm.weight", List.of(32))
                            .get(0))
                    .isEqualTo(2);
            assertThat(store.require("model.layers.1.pre_feedforward_layernorm.weight", List.of(64))
                            .get(1))
                    .isEqualTo(5);
        }
        assertThat(json(source).path("sliding_window_pattern").asInt()).isEqualTo(6);
        assertThat(json(source).path("query_pre_attn_scalar").asInt()).isEqualTo(32);
        assertThat(ModelLoader.readConfig(source).norms().weightOffset()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0"})
    void codesAreRepackedWithoutLoss(BlockType type) throws IOException {
        byte[] blocks = SmallGguf.randomBlocks(type, 32 * 2, new SplittableRandom(4));
        GgufBuilder builder = withEmbedding("llama").tensor("blk.0.attn_k.weight", type.number(), blocks, 32, 64);
        AffineRow expected = new AffineRow(type, 32 * 64);
        type.decode(blocks, 64, expected);
        try (TensorStore store = TensorStore.open(source(builder));
                WeightMemory memory = new WeightMemory()) {
            Tensor tensor = store.require("model.layers.0.self_attn.k_proj.weight", List.of(32, 64));
            PackedMatrix packed = PackedMatrix.pack(tensor.type(), new TensorRows(tensor), memory);
            assertThat(packed.type().quantized()).isTrue();
            for (int n = 0; n < 32; n++) {
                int stored = n < 16 ? 2 * n : 2 * (n - 16) + 1;
                for (int k = 0; k < 64; k++) {
                    assertThat(packed.get(n, k)).isEqualTo(expected.get(64 * stored + k));
                }
            }
        }
    }

    @Test
    void llama3sRotaryFactorsAreRecognised() throws IOException {
        float[] factors = new float[16];
        RopeScaling.Llama3 scaling = new RopeScaling.Llama3(32, 1, 4, 8192);
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            double frequency = Math.pow(10_000, -i / 16.0);
            factors[i] = (float) (frequency / scaling.frequencies(10_000, 32, 128)[i]);
            bytes.putFloat(factors[i]);
        }
        ModelSource source = source(withEmbedding("llama").tensor("rope_freqs.weight", 0, bytes.array(), 16));
        assertThat(scaling(source)).isEqualTo(scaling);
        bytes.putFloat(20, 17);
        assertRefused(withEmbedding("llama").tensor("rope_freqs.weight", 0, bytes.array(), 16), "rope_freqs");
    }

    @Test
    void scalingOfFrequenciesIsPassedOn() throws IOException {
        ModelSource linear = source(
                withEmbedding("llama").put("llama.rope.scaling.type", "linear").put("llama.rope.scaling.factor", 4f));
        assertThat(scaling(linear)).isEqualTo(new RopeScaling.Linear(4));
        ModelSource yarn = source(withEmbedding("llama")
                .put("llama.rope.scaling.type", "yarn")
                .put("llama.rope.scaling.factor", 4f)
                .put("llama.rope.scaling.original_context_length", 32));
        assertThat(scaling(yarn)).isInstanceOf(RopeScaling.Yarn.class);
    }

    private static RopeScaling scaling(ModelSource source) throws IOException {
        return ModelLoader.readConfig(source).ropes().getFirst().scaling();
    }

    @Test
    void shardsAreFoundFromAnyAndCounted() throws IOException {
        byte[] first = SmallGguf.metadata("llama")
                .put("split.no", 0)
                .put("split.count", 2)
                .put("split.tensors.count", 2)
                .floats("token_embd.weight", 0, 260, 64)
                .build();
        GgufBuilder second = new GgufBuilder().put("split.no", 1).put("split.count", 2);
        Path one = Files.write(directory.resolve("m-00001-of-00002.gguf"), first);
        Path two = directory.resolve("m-00002-of-00002.gguf");
        assertThatThrownBy(() -> ModelSource.of(one))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("m-00002-of-00002.gguf is missing");
        Files.write(two, second.build());
        assertThatThrownBy(() -> ModelSource.of(two)).hasMessageContaining("2 tensors");
        Files.write(two, second.floats("output_norm.weight", 1, 64).build());
        ModelSource source = ModelSource.of(two);
        assertThat(source.modelName()).isEqualTo("m");
        try (TensorStore store = TensorStore.open(source)) {
            assertThat(store.tensors()).containsKeys("model.embed_tokens.weight", "model.norm.weight");
        }
        Files.write(two, first);
        assertThatThrownBy(() -> ModelSource.of(one)).hasMessageContaining("shard 0 (from 0) of 2");
    }

    @Test
    void whatIsNotUnderstoodIsRefusedByName() {
        assertRefused(withEmbedding("rwkv7"), "general.architecture \"rwkv7\"");
        assertRefused(withEmbedding("llama").put("llama.attention.scale", 0.5f), "llama.attention.scale");
        assertRefused(withEmbedding("llama").put("llama.expert_count", 8), "llama.expert_count");
        assertRefused(withEmbedding("llama").floats("blk.0.ssm_in.weight", 0, 2, 32), "blk.0.ssm_in.weight");
        assertRefused(withEmbedding("llama").tensor("output.weight", 24, new byte[64], 64), "output.weight", "I8");
        assertRefused(withEmbedding("llama").tensor("output.weight", 99, new byte[64], 64), "output.weight", "99");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertRefused(SmallGguf.metadata("llama"), "no matrix \"token_embd.weight\"");
        assertRefused(withEmbedding("llama").put("general.alignment", 48), "general.alignment as 48");
        assertRefused(withEmbedding("llama").put("llama.block_count", 3), "llama.block_count twice");
        assertRefused(withEmbedding("llama").floats("token_embd.weight", 0, 1, 1), "\"token_embd.weight\" twice");
        assertRefused(withEmbedding("llama").tensor("output.weight", 8, new byte[34], 1, 33), "33 columns", "Q8_0");
        assertRefused(
                withEmbedding("llama").tensor("output.weight", 8, new byte[64], 64, 64), "output.weight", "beyond");
        assertRefused(withEmbedding("llama").floats("blk.0.attn_q.weight", 0, 40, 64), "attn_q.weight\" 40 rows");
        assertRefused(
                SmallGguf.metadata("gemma3")
                        .put("gemma3.attention.key_length", "x")
                        .floats("token_embd.weight", 0, 1, 64),
                "gemma3.attention.key_length as STRING, expected a whole number");
        assertRefused(new byte[10], "not a GGUF file");
        assertRefused(
                ByteBuffer.allocate(24)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0x46554747)
                        .putInt(3 << 24)
                        .array(),
                "version",
                "big-endian");
        assertThatThrownBy(() -> ModelSource.of(directory.resolve("none.gguf"))).hasMessageContaining("no such file");
    }

    @Test
    void aMissingTensorIsNamedAsHuggingFaceDoes() throws IOException {
        ModelSource source = source(withEmbedding("llama"));
        assertThatThrownBy(() -> ModelLoader.load(source, KernelChoice.of(new ScalarKernels()), 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.gguf")
                .hasMessageContaining("model.layers.0");
    }
}
