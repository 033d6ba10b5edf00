package io.karipap.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Algebra;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.ModelConfig;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Small models of every family as GGUF files and Hugging Face directories. */
class ExportedFamiliesTest {
    private static final Path MODELS = Path.of("../runtime/src/test/resources/io/karipap/model");
    private static final Path GGUF = MODELS.resolve("gguf");

    @TempDir
    private Path temporary;

    /** Files of llama.cpp's own converter. */
    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(GGUF)) {
            return files.filter(file -> file.toString().endsWith(".gguf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void asADirectoryAndBackItIsTheSameFile(Path file) throws IOException {
        Path directory = temporary.resolve("model");
        DenseExport.write(file, WeightType.BF16, directory, Algebra.EJML.open());
        assertSame(file, directory);
        Path again = temporary.resolve("again.gguf");
        GgufExport.write(directory, WeightType.BF16, again);
        assertSame(file, again);
        Map<String, Object> expected = keys(file);
        Map<String, Object> written = keys(again);
        written.keySet().retainAll(expected.keySet());
        assertThat(written).isEqualTo(expected);
        try (TensorStore one = TensorStore.open(ModelSource.of(file));
                TensorStore other = TensorStore.open(ModelSource.of(again))) {
            assertThat(other.tensors().keySet()).isEqualTo(one.tensors().keySet());
        }
    }

    /** A directory of transformers, in the variant that the config of that name describes. */
    @ParameterizedTest
    @CsvSource({
        "llama, config-4",
        "llama, config-linear",
        "llama, config-llama3",
        "llama, config-yarn",
        "mistral, config",
        "mistral, config-4",
        "qwen2, config-full",
        "qwen3, config",
        "phi3, config",
        "phi3, config-longrope",
        "phi3, config-longrope-4",
        "phi3, config-window",
        "granite, config",
        "olmo2, config",
        "gpt2, config"
    })
    void aDirectoryIsExportedExactly(String family, String config) throws IOException {
        Path directory = directory(family, config);
        Path file = temporary.resolve("model.gguf");
        GgufExport.write(directory, WeightType.F32, file);
        assertSame(directory, file);
        Path dense = temporary.resolve("dense");
        DenseExport.write(directory, WeightType.F32, dense, Algebra.EJML.open());
        assertSame(directory, dense);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama | config-dynamic | rotary scaling is \"dynamic\"",
                "llama | config-yarn-mscale | rotary positions",
                "qwen2 | config | a window of 8 positions",
                "gemma2 | config | attention",
                "gemma3 | config | attention",
                "smollm3 | config | no rotary positions",
                "smollm3 | config-window | a window of 8 positions"
            })
    void whatGgufCannotSayIsRefusedByName(String family, String config, String message) throws IOException {
        Path directory = directory(family, config);
        Path file = temporary.resolve("model.gguf");
        assertThatThrownBy(() -> GgufExport.write(directory, WeightType.F32, file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining(message);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).containsExactly(directory);
        }
    }

    /** Windows at other blocks than those of the architecture are listed. */
    @ParameterizedTest
    @ValueSource(strings = {"config", "config-4"})
    void anotherPatternOfWindowsIsSaid(String config) throws IOException {
        Path directory = gemma3(config);
        Path file = temporary.resolve("model.gguf");
        GgufExport.write(directory, WeightType.F32, file);
        assertSame(directory, file);
        assertThat(GgufMetadata.read(file).bools("gemma3.attention.sliding_window_pattern"))
                .containsExactly(true, true, false, true, true, false);
    }

    /** With the scale of attention that GGUF takes for granted. */
    private Path gemma3(String config) throws IOException {
        Path directory = directory("gemma3", config);
        Path file = directory.resolve("config.json");
        Files.writeString(
                file,
                Files.readString(file).replaceAll("\"query_pre_attn_scalar\": *20", "\"query_pre_attn_scalar\": 16"));
        return directory;
    }

    @Test
    void ofAModelThatSeesTheLanguageModelIsExported() throws IOException {
        Path text = gemma3("config");
        Path seeing = Files.createDirectory(temporary.resolve("seeing"));
        ObjectNode config = Json.object().put("model_type", "gemma3").put("eos_token_id", 2);
        config.set("text_config", Json.parse(Files.readAllBytes(text.resolve("config.json"))));
        config.putObject("vision_config").put("hidden_size", 4);
        Files.write(seeing.resolve("config.json"), Json.bytes(config));
        Files.copy(text.resolve("tokenizer.json"), seeing.resolve("tokenizer.json"));
        try (TensorStore store = TensorStore.open(ModelSource.of(text))) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (Tensor tensor : store.tensors().values()) {
                writer.add(tensor.named("language_model." + tensor.name()));
            }
            writer.add("vision_tower.patch", WeightType.F32, List.of(2), i -> 1f);
            writer.write(seeing.resolve("model.safetensors"), Map.of());
        }
        Path dense = temporary.resolve("dense");
        DenseExport.write(seeing, WeightType.BF16, dense, Algebra.EJML.open());
        assertSame(text, dense);
        JsonNode written = Json.parse(Files.readAllBytes(dense.resolve("config.json")));
        assertThat(written.path("model_type").asString("")).isEqualTo("gemma3_text");
        assertThat(written.path("vision_config").isMissingNode()).isTrue();
        Path file = temporary.resolve("model.gguf");
        GgufExport.write(seeing, WeightType.BF16, file);
        assertSame(text, file);
    }

    @Test
    void howToSampleIsSaid() throws IOException {
        Path directory = directory("olmo2", "config");
        Files.writeString(
                directory.resolve("generation_config.json"),
                "{\"do_sample\": true, \"temperature\": 0.7, \"top_k\": 20, \"top_p\": 0.8, \"repetition_penalty\": 1.1}");
        Path file = temporary.resolve("model.gguf");
        GgufExport.write(directory, WeightType.F32, file);
        JsonNode read = Json.parse(ModelSource.of(file).read("generation_config.json"));
        assertThat(read.path("temperature").asDouble()).isEqualTo(0.7);
        assertThat(read.path("top_k").asInt()).isEqualTo(20);
        assertThat(read.path("top_p").asDouble()).isEqualTo(0.8);
        assertThat(read.path("repetition_penalty").asDouble()).isEqualTo(1.1);
        Files.writeString(directory.resolve("generation_config.json"), "{\"do_sample\": false, \"temperature\": 0.7}");
        GgufExport.write(directory, WeightType.F32, file);
        assertThat(Json.parse(ModelSource.of(file).read("generation_config.json"))
                        .path("temperature")
                        .asDouble())
                .isZero();
    }

    private Path directory(String family, String config) throws IOException {
        Path source = MODELS.resolve("families").resolve(family);
        Path directory = Files.createDirectory(temporary.resolve(family));
        Files.copy(source.resolve(config + ".json"), directory.resolve("config.json"));
        Files.copy(source.resolve("model.safetensors"), directory.resolve("model.safetensors"));
        Path tokenizer = temporary.resolve("tokenizer");
        DenseExport.write(GGUF.resolve("olmo2.gguf"), WeightType.BF16, tokenizer, Algebra.EJML.open());
        Files.move(tokenizer.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        try (Stream<Path> files = Files.list(tokenizer)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(tokenizer);
        return directory;
    }

    private static void assertSame(Path expected, Path actual) throws IOException {
        ModelSource one = ModelSource.of(expected);
        ModelSource other = ModelSource.of(actual);
        ModelConfig config = ModelLoader.readConfig(one);
        ModelConfig read = ModelLoader.readConfig(other);
        assertThat(GgufAgreement.difference(config, read)).isEmpty();
        try (TensorStore before = ModelLoader.open(one, config);
                TensorStore after = ModelLoader.open(other, read)) {
            assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
            for (Tensor tensor : before.tensors().values()) {
                float[] values = after.require(tensor.name(), tensor.shape()).toFloats();
                if (other instanceof GgufSource && tensor.name().endsWith("norm.weight")) {
                    // Gemma's are stored with 1 added, as floats
                    assertThat(values).as(tensor.name()).containsExactly(tensor.toFloats(), Offset.offset(1e-6f));
                } else {
                    assertThat(Arrays.mismatch(values, tensor.toFloats()))
                            .as(tensor.name())
                            .isEqualTo(-1);
                }
            }
        }
    }

    /** What both files must say; the rest describes the file or is counted by the other converter alone. */
    private static Map<String, Object> keys(Path file) throws IOException {
        GgufMetadata metadata = GgufMetadata.read(file);
        Map<String, Object> keys = new TreeMap<>();
        for (String key : metadata.keys()) {
            List<Byte> value = bytes(metadata.entry(key));
            if (!key.startsWith("general.")) {
                keys.put(key, value);
            }
        }
        return keys;
    }

    private static List<Byte> bytes(byte[] entry) {
        Byte[] boxed = new Byte[entry.length];
        Arrays.setAll(boxed, i -> entry[i]);
        return List.of(boxed);
    }
}
