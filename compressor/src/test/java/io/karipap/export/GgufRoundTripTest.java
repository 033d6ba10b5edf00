package io.karipap.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.generate.WeightPrecision;
import io.karipap.kernels.WeightType;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is exported as GGUF is read back as the same model. */
class GgufRoundTripTest {
    private static final Path TALES = Path.of("models/tales");

    @TempDir
    private Path temporary;

    @Test
    void bfloat16TensorsComeBackBitForBit() throws IOException {
        Path file = temporary.resolve("tales.gguf");
        GgufExport.write(TALES, WeightType.BF16, file);
        try (TensorStore before = TensorStore.open(ModelSource.of(TALES));
                TensorStore after = TensorStore.open(ModelSource.of(file))) {
            assertThat(after.tensors().keySet())
                    .containsExactlyInAnyOrderElementsOf(before.tensors().keySet());
            for (Tensor tensor : before.tensors().values()) {
                float[] read = after.require(tensor.name(), tensor.shape()).toFloats();
                assertThat(Arrays.mismatch(read, tensor.toFloats()))
                        .as(tensor.name())
                        .isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16", "Q8", "Q4"})
    void theModelContinuesAlike(WeightType type) throws IOException {
        Path file = temporary.resolve("tales.gguf");
        GgufExport.write(TALES, type, file);
        String prompt = "Once upon a time there was a little dog — and 2 cats.";
        try (LanguageModel source = LanguageModel.load(
                        TALES,
                        LoadOptions.builder()
                                .weights(WeightPrecision.valueOf(type.name()))
                                .build());
                LanguageModel read = LanguageModel.load(file)) {
            assertThat(read.encodePrompt(prompt)).containsExactly(source.encodePrompt(prompt));
            assertThat(read.tokenizer().encode("<|endoftext|>", EncodeOptions.PARSED))
                    .hasSize(1);
            assertThat(read.generate(prompt, GenerationOptions.greedy(40), piece -> {}))
                    .isEqualTo(source.generate(prompt, GenerationOptions.greedy(40), piece -> {}));
        }
    }
}
