package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights as codes with scales in a file. */
class QuantizedFilesTest {
    private static final ModelSource TALES = new ModelSource.Directory(TestData.TALES);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"Q8", "Q4"})
    void codesComeBackWithinHalfAStep(WeightType type) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int columns : new int[] {1, 13, 31, 32, 33, 207}) {
            float[] values = new float[3 * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            Path file = directory.resolve("model.safetensors");
            Files.deleteIfExists(file);
            new SafetensorsWriter()
                    .add("w", type, List.of(3, columns), i -> values[(int) i])
                    .write(file, Map.of());
            try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory))) {
                Tensor tensor = store.require("w", List.of(3, columns));
                float[] read = tensor.toFloats();
                float largest = 0;
                for (float value : values) {
                    largest = Math.max(largest, Math.abs(value));
                }
                float step = largest / (type == WeightType.Q8 ? 127 : 7);
                for (int i = 0; i < values.length; i++) {
                    assertThat(read[i]).isCloseTo(values[i], org.assertj.core.data.Offset.offset(step));
                }
                assertThat(tensor.bytes()).isEqualTo(3 * type.rowBytes(columns));
                tensor.unload();
                assertThat(tensor.toFloats()).isEqualTo(read);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8", "Q4"})
    void aModelStoredAsCodesIsTheModelRoundedWhenLoaded(WeightType type) throws IOException {
        Files.write(directory.resolve("config.json"), TALES.read("config.json"));
        SafetensorsWriter writer = new SafetensorsWriter();
        try (TensorStore store = TensorStore.open(TALES)) {
            for (Tensor tensor : store.tensors().values()) {
                if (tensor.shape().size() == 2) {
                    writer.add(tensor.name(), type, tensor.shape(), new TensorRows(tensor));
                } else {
                    writer.add(tensor);
                }
            }
            writer.write(directory.resolve("model.safetensors"), Map.of());
        }
        ModelSource written = new ModelSource.Directory(directory);
        try (Transformer stored = ModelLoader.load(written, KernelChoice.of(new VectorKernels()), 1);
                Transformer rounded =
                        ModelLoader.load(TALES, KernelChoice.of(new VectorKernels()), 1, type, Progress.NONE);
                Transformer scalar = ModelLoader.load(written, KernelChoice.of(new ScalarKernels()), 1)) {
            float[] expected = logits(rounded);
            assertThat(logits(stored)).isEqualTo(expected);
            assertThat(logits(scalar)).isEqualTo(expected);
            assertThat(stored.memory().totalBytes()).isEqualTo(rounded.memory().totalBytes());
        }
    }

    private static float[] logits(Transformer model) {
        KvPool pool = new KvPool(model.config(), KvOptions.of(64));
        try (KvCache cache = new KvCache(pool)) {
            Batch batch = new Batch();
            for (int i = 0; i < 8; i++) {
                batch.add(100 + i, i, cache, i == 7);
            }
            Rows logits = model.forward(batch);
            return Arrays.copyOfRange(
                    logits.data(), logits.at(0), logits.at(0) + model.config().vocabularySize());
        }
    }

    @Test
    void codesNeedTheirScales() throws IOException {
        Path file = directory.resolve("model.safetensors");
        String header = "{\"w.codes\":{\"dtype\":\"I8\",\"shape\":[1,4],\"data_offsets\":[0,4]}}      ";
        byte[] bytes = new byte[8 + header.length() + 4];
        bytes[0] = (byte) header.length();
        System.arraycopy(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, bytes, 8, header.length());
        Files.write(file, bytes);
        assertThatThrownBy(() -> TensorStore.open(new ModelSource.Directory(directory)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("w.scales");
    }
}
