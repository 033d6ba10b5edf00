package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.kernels.WeightType;
import io.karipap.load.LoadedModel;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF files that people use: values as PyPI's gguf reads them (gguf-checksums.py), texts as transformers continues them. */
class RealModelTest {
    private static final String SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1.gguf";

    @ParameterizedTest
    @CsvSource({
        SMOLLM2 + ",c2b51007",
        "gemma-3-270m.Q4_K_M.gguf,88b72d2c",
        "Qwen2.5-Coder-0.5B-Instruct.Q4_K_M.gguf,1182541b"
    })
    void valuesAreThoseOfTheReference(String name, String expected) throws IOException {
        CRC32 crc = new CRC32();
        try (TensorStore store = TensorStore.open(ModelSource.of(TestData.require("models/real/" + name)))) {
            for (Tensor tensor : store.tensors().values()) {
                if (tensor.name().matches("model\\.layers\\.(0|11)\\..*|model\\.norm\\.weight")) {
                    add(new TensorRows(tensor), crc);
                }
            }
        }
        assertThat(Long.toHexString(crc.getValue())).isEqualTo(expected);
    }

    private static void add(TensorRows rows, CRC32 crc) {
        float[] row = new float[rows.columns()];
        ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 0; n < rows.rows(); n++) {
            rows.read(n, row);
            bytes.clear().asFloatBuffer().put(row);
            crc.update(bytes);
        }
    }

    /** The types in which tensors are packed give the logits of the same values as floats, bit for bit. */
    @ParameterizedTest
    @ValueSource(strings = {SMOLLM2, "gemma-3-270m.Q4_K_M.gguf"})
    void logitsAreThoseOfFloats(String name) throws IOException {
        Path file = TestData.require("models/real/" + name);
        float[][] packed;
        try (LoadedModel model = LoadedModel.load(file)) {
            packed = logits(model);
        }
        try (LoadedModel model = LoadedModel.load(file, 0, Optional.of(WeightType.F32), Progress.NONE)) {
            assertThat(packed).isEqualTo(logits(model));
        }
    }

    /** After a prompt of seven tokens, and after two more. */
    private static float[][] logits(LoadedModel model) {
        int[] tokens = {1, 450, 4996, 17354, 1701, 29916, 432, 17204, 975};
        Transformer transformer = model.transformer();
        float[][] logits = new float[3][];
        Batch batch = new Batch();
        try (KvCache cache = new KvCache(new KvPool(transformer.config(), KvOptions.of(64)))) {
            for (int i = 0; i < tokens.length; i++) {
                batch.add(tokens[i], i, cache, i >= 6);
                if (i >= 6) {
                    logits[i - 6] = Arrays.copyOf(
                            transformer.forward(batch).data(),
                            transformer.config().vocabularySize());
                    batch.clear();
                }
            }
        }
        return logits;
    }

    @Test
    void smolLm2ContinuesAsTransformersDoes() throws IOException {
        try (LanguageModel model = LanguageModel.load(TestData.require("models/real/" + SMOLLM2))) {
            assertThat(model.name()).isEqualTo("SmolLM2-135M-Instruct.Q4_1");
            assertThat(model.generate("Once upon a time", GenerationOptions.greedy(30), piece -> {})
                            .text())
                    .isEqualTo(
                            ", the city of Nova Haven was a thriving metropolis, with towering skyscrapers and bustling"
                                    + " streets. But as the years went by, the city began to lose");
        }
    }
}
