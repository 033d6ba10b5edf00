package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
