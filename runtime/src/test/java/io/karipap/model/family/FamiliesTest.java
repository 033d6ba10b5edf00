package io.karipap.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.VectorShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a config says is either computed or refused by name, and so is every tensor. */
class FamiliesTest {
    private static final String LLAMA = """
            {"model_type": "llama", "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "vocab_size": 40, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "hidden_act": "silu"
             %s}
            """;

    @TempDir
    private Path directory;

    private static ModelConfig read(String json) {
        return Families.read(Fields.parse("config.json", json.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"rope_magic\": 3 | rope_magic is 3, which is not understood",
                "\"quantization_config\": {\"bits\": 4} | quantization_config",
                "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2, \"twist\": 1} | rope_scaling.twist",
                "\"rope_scaling\": {\"rope_type\": \"linear\"} | rope_scaling.factor is missing",
                "\"rope_scaling\": {\"rope_type\": \"spiral\"} | spiral",
                "\"attention_bias\": \"yes\" | attention_bias",
                "\"rope_theta\": 0.5 | rope_theta",
                "\"head_dim\": 3 | head_dim",
            })
    void whatIsNotUnderstoodIsRefusedByName(String field, String expected) {
        assertThatThrownBy(() -> read(LLAMA.formatted(", " + field)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("config.json: ")
                .hasMessageContaining(expected);
    }

    @Test
    void whatChangesNothingIsLeftAlone() {
        ModelConfig config = read(LLAMA.formatted(
                ", \"architectures\": [\"LlamaForCausalLM\"], \"torch_dtype\": \"bfloat16\", \"rope_scaling\": null,"
                        + " \"pretraining_tp\": 1, \"use_cache\": true, \"eos_token_id\": [1, 2]"));
        assertThat(config.headDim()).isEqualTo(4);
        assertThat(config.biases()).isEmpty();
    }

    @Test
    void everyFamilyIsNamedWhenNoneFits() {
        assertThatThrownBy(() -> read("{\"model_type\": \"mixtral\"}"))
                .hasMessageContaining("mixtral")
                .hasMessageContaining(Families.modelTypes().toString());
    }

    /** Writes a random model, without some tensors and with others. */
    private ModelSource write(String json, List<String> without, Map<String, List<Integer>> with) throws IOException {
        ModelConfig config = read(json);
        Files.writeString(directory.resolve("config.json"), json);
        Files.deleteIfExists(directory.resolve("model.safetensors"));
        SafetensorsWriter writer = new SafetensorsWriter();
        for (OperatorShape operator : config.operators()) {
            add(writer, operator.name(), List.of(operator.out(), operator.in()), without);
        }
        for (VectorShape vector : config.vectors()) {
            add(writer, vector.name(), List.of(vector.size()), without);
        }
        for (Map.Entry<String, List<Integer>> tensor : with.entrySet()) {
            add(writer, tensor.getKey(), tensor.getValue(), without);
        }
        writer.write(directory.resolve("model.safetensors"), Map.of());
        return new ModelSource.Directory(directory);
    }

    private static void add(SafetensorsWriter writer, String name, List<Integer> shape, List<String> without) {
        if (!without.contains(name)) {
            writer.add(name, WeightType.F32, shape, i -> (float) Math.sin(i));
        }
    }

    @Test
    void aTensorThatNobodyUsesIsRefusedByName() throws IOException {
        ModelSource source =
                write(LLAMA.formatted(""), List.of(), Map.of("model.layers.1.self_attn.o_proj.bias", List.of(16)));
        assertThatThrownBy(() -> ModelLoader.load(source, KernelChoice.of(new ScalarKernels()), 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.layers.1.self_attn.o_proj.bias");
    }

    @Test
    void biasesOfAllOperatorsAreWanted() throws IOException {
        String json = LLAMA.formatted(", \"attention_bias\": true, \"mlp_bias\": true");
        assertThat(read(json).biases()).containsExactlyInAnyOrder(Linear.values());
        write(json, List.of(), Map.of());
        ModelLoader.load(new ModelSource.Directory(directory), KernelChoice.of(new ScalarKernels()), 1)
                .close();
        write(json, List.of("model.layers.0.mlp.down_proj.bias"), Map.of());
        assertThatThrownBy(() ->
                        ModelLoader.load(new ModelSource.Directory(directory), KernelChoice.of(new ScalarKernels()), 1))
                .hasMessageContaining("model.layers.0.mlp.down_proj.bias");
    }

    @Test
    void whatOldFilesRepeatIsNotNeeded() throws IOException {
        ModelSource source = write(
                LLAMA.formatted(", \"tie_word_embeddings\": true"),
                List.of(),
                Map.of("model.layers.0.self_attn.rotary_emb.inv_freq", List.of(2), "lm_head.weight", List.of(40, 16)));
        ModelLoader.load(source, KernelChoice.of(new ScalarKernels()), 1).close();
        try (var store = ModelLoader.open(source, ModelLoader.readConfig(source))) {
            assertThat(store.tensors()).doesNotContainKey("lm_head.weight").containsKey("model.embed_tokens.weight");
        }
    }

    @ParameterizedTest
    @CsvSource({"language_model.model., language_model.", "model.language_model., ''"})
    void theLanguageModelOfOneThatSeesIsReadAlone(String prefix, String headPrefix) throws IOException {
        Path text = Path.of("src/test/resources/io/karipap/model/families/gemma3");
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode config =
                mapper.createObjectNode().put("model_type", "gemma3").put("image_token_index", 7);
        config.set("text_config", mapper.readTree(Files.readAllBytes(text.resolve("config.json"))));
        config.putObject("vision_config").put("hidden_size", 3);
        Files.writeString(directory.resolve("config.json"), config.toString());
        SafetensorsWriter writer = new SafetensorsWriter();
        ModelSource alone = new ModelSource.Directory(text);
        try (TensorStore store = ModelLoader.open(alone, ModelLoader.readConfig(alone))) {
            store.tensors()
                    .values()
                    .forEach(tensor -> writer.add(
                            tensor.name().replaceFirst("^model\\.", prefix),
                            WeightType.F32,
                            tensor.shape(),
                            tensor::get));
            writer.add("vision_tower.patch.weight", WeightType.F32, List.of(2), i -> 1f)
                    .add(headPrefix + "lm_head.weight", WeightType.F32, List.of(2), i -> 1f)
                    .write(directory.resolve("model.safetensors"), Map.of());
        }
        ModelSource source = new ModelSource.Directory(directory);
        ModelLoader.load(source, KernelChoice.of(new ScalarKernels()), 1).close();
        try (TensorStore store = ModelLoader.open(source, ModelLoader.readConfig(source));
                TensorStore expected = ModelLoader.open(alone, ModelLoader.readConfig(alone))) {
            assertThat(store.tensors().keySet())
                    .containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
        }
        config.put("use_sight", true);
        assertThatThrownBy(() -> read(config.toString())).hasMessageContaining("use_sight");
    }
}
