package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.model.ModelLoader;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every malformed file gives one clear error that names it. */
class MalformedFilesTest {
    @TempDir
    private Path directory;

    private void write(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        writeRaw(ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array());
    }

    private void writeRaw(byte[] bytes) throws IOException {
        Files.write(directory.resolve("model.safetensors"), bytes);
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() ->
                        TensorStore.open(new ModelSource.Directory(directory)).close())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContainingAll(parts);
    }

    @Test
    void anEmptyFile() throws IOException {
        writeRaw(new byte[0]);
        assertRefused("too few");
    }

    @ParameterizedTest
    @CsvSource({"1000000", "9223372036854775807", "-1", "0"})
    void aHeaderLengthThatCannotBe(long length) throws IOException {
        writeRaw(ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
        assertRefused("header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json | not valid JSON",
                "[1, 2] | not a JSON object",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | outside",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | outside",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,4]}} | takes 12",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | size was expected",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}} | impossible",
                "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,4]}} | I64",
                "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}} | type",
                "{\"a\":{\"dtype\":\"F32\"}} | without shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{}} | uplicate",
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]}} | overlapping",
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]}} | a hole",
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}} | after its last tensor",
            })
    void aHeaderThatLies(String header, String expected) throws IOException {
        write(header, 4);
        assertRefused(expected);
    }

    @Test
    void randomDamageIsAnErrorOfOursOrHarmless() throws IOException {
        new SafetensorsWriter()
                .add("a", WeightType.F32, List.of(3, 2), i -> (float) i)
                .add("b", WeightType.BF16, List.of(5), i -> (float) i)
                .write(directory.resolve("model.safetensors"), Map.of());
        byte[] sound = Files.readAllBytes(directory.resolve("model.safetensors"));
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = java.util.Arrays.copyOf(
                    sound, random.nextInt(10) == 0 ? random.nextInt(sound.length) : sound.length);
            for (int j = random.nextInt(4); j >= 0 && damaged.length > 0; j--) {
                damaged[random.nextInt(Math.min(damaged.length, 220))] = (byte) random.nextInt(256);
            }
            writeRaw(damaged);
            try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory))) {
                store.tensors().values().forEach(Tensor::toFloats);
            } catch (ModelFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        new SafetensorsWriter()
                .add("a", WeightType.F32, List.of(3, 2), i -> i + 0.1f)
                .add("b", WeightType.F16, List.of(5), i -> i * 0.5f)
                .write(directory.resolve("model.safetensors"), Map.of("format", "pt"));
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory))) {
            assertThat(store.tensors().keySet()).containsExactly("a", "b");
            assertThat(store.require("a", List.of(3, 2)).toFloats())
                    .containsExactly(0.1f, 1.1f, 2.1f, 3.1f, 4.1f, 5.1f);
            assertThat(store.require("b", List.of(5)).toFloats()).containsExactly(0f, 0.5f, 1f, 1.5f, 2f);
            assertThatThrownBy(() -> store.require("a", List.of(6))).hasMessageContaining("shape [3, 2], expected [6]");
            assertThatThrownBy(() -> store.require("c", List.of(6))).hasMessageContaining("no tensor \"c\"");
        }
    }

    @Test
    void shardsAreJoinedAndCheckedAgainstTheirIndex() throws IOException {
        new SafetensorsWriter()
                .add("a", WeightType.F32, List.of(1), i -> 1f)
                .write(directory.resolve("model-00001-of-00002.safetensors"), Map.of());
        new SafetensorsWriter()
                .add("b", WeightType.F32, List.of(1), i -> 2f)
                .write(directory.resolve("model-00002-of-00002.safetensors"), Map.of());
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(
                index,
                "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}}");
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory))) {
            assertThat(store.require("b", List.of(1)).get(0)).isEqualTo(2f);
        }
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../../etc/passwd\"}}");
        assertThatThrownBy(() -> TensorStore.open(new ModelSource.Directory(directory)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("passwd");
        Files.writeString(index, "{\"weight_map\":{\"c\":\"model-00001-of-00002.safetensors\"}}");
        assertThatThrownBy(() -> TensorStore.open(new ModelSource.Directory(directory)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("\"c\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hidden_size\": 256 | hidden_size\": 100000000 | hidden_size",
                "hidden_size\": 256 | hidden_size\": \"x\" | hidden_size",
                "hidden_size\": 256 | hidden_size\": 512 | shape",
                "num_hidden_layers\": 8 | num_hidden_layers\": 9 | layers.8",
                "vocab_size\": 4096 | vocab_size\": 4097 | embed_tokens",
                "num_key_value_heads\": 2 | num_key_value_heads\": 3 | multiple",
                "model_type\": \"llama\" | model_type\": \"mamba\" | mamba",
                "hidden_act\": \"silu\" | hidden_act\": \"gelu\" | hidden_act",
                "rms_norm_eps\": 1e-05 | rms_norm_eps\": \"NaN | config.json",
            })
    void aConfigThatLies(String from, String to, String expected) throws IOException {
        String config = Files.readString(TestData.TALES.resolve("config.json"));
        assertThat(config).contains(from);
        Files.writeString(directory.resolve("config.json"), config.replace(from, to));
        Files.createSymbolicLink(
                directory.resolve("model.safetensors"),
                TestData.TALES.resolve("model.safetensors").toAbsolutePath());
        assertThatThrownBy(() ->
                        ModelLoader.load(new ModelSource.Directory(directory), KernelChoice.of(new ScalarKernels()), 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | format",
                "{\"format\":\"karipap-network\",\"version\":2} | version 2",
                "{\"format\":\"karipap-network\",\"version\":1,\"operators\":[{\"operator\":\"x\",\"indices\":[],\"sites\":[]}]} | sites",
                "{\"format\":\"karipap-network\",\"version\":1,\"operators\":[{\"operator\":\"x\",\"indices\":[{\"name\":\"o\",\"size\":-3,\"leg\":\"out\"}]}]} | size -3",
                "{\"format\":\"karipap-network\",\"version\":1,\"operators\":[{\"operator\":\"model.layers.0.self_attn.q_proj.weight\",\"indices\":[{\"name\":\"o\",\"size\":256,\"leg\":\"out\"},{\"name\":\"i\",\"size\":255,\"leg\":\"in\"}],\"sites\":[{\"tensor\":\"t\",\"indices\":[\"o\",\"i\"]}]}]} | 256×255",
                "{\"format\":\"karipap-network\",\"version\":1,\"operators\":[{\"operator\":\"model.layers.0.self_attn.q_proj.weight\",\"indices\":[{\"name\":\"o\",\"size\":256,\"leg\":\"out\"},{\"name\":\"i\",\"size\":256,\"leg\":\"in\"}],\"sites\":[{\"tensor\":\"t\",\"indices\":[\"o\",\"i\"]}]}]} | \"t\"",
            })
    void aNetworkFileThatLies(String json, String expected) throws IOException {
        Files.copy(TestData.TALES.resolve("config.json"), directory.resolve("config.json"));
        Files.createSymbolicLink(
                directory.resolve("model.safetensors"),
                TestData.TALES.resolve("model.safetensors").toAbsolutePath());
        Files.writeString(directory.resolve("network.json"), json);
        assertThatThrownBy(() ->
                        ModelLoader.load(new ModelSource.Directory(directory), KernelChoice.of(new ScalarKernels()), 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(expected);
    }
}
