package io.karipap.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.budget.Budget;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.CompressionReport;
import io.karipap.compress.Compressor;
import io.karipap.environment.BundledText;
import io.karipap.environment.CalibrationOptions;
import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Algebra;
import io.karipap.model.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A GGUF file is compressed and exported as the directory that it was made of. */
class GgufModelTest {
    private static final Path TALES = Path.of("models/tales");

    @TempDir
    private Path temporary;

    private Path gguf;

    @BeforeEach
    void write() throws IOException {
        gguf = temporary.resolve("tales.gguf");
        GgufExport.write(TALES, WeightType.BF16, gguf);
    }

    @Test
    void exportedAsADirectoryItIsTheSameModel() throws IOException {
        Path directory = temporary.resolve("tales");
        DenseExport.write(gguf, WeightType.BF16, directory, Algebra.EJML.open());
        try (TensorStore before = TensorStore.open(ModelSource.of(TALES));
                TensorStore after = TensorStore.open(ModelSource.of(directory))) {
            assertThat(after.tensors().keySet())
                    .containsExactlyInAnyOrderElementsOf(before.tensors().keySet());
            for (Tensor tensor : before.tensors().values()) {
                float[] read = after.require(tensor.name(), tensor.shape()).toFloats();
                assertThat(Arrays.mismatch(read, tensor.toFloats()))
                        .as(tensor.name())
                        .isEqualTo(-1);
            }
        }
        Path again = temporary.resolve("again.gguf");
        GgufExport.write(directory, WeightType.BF16, again);
        assertThat(Files.mismatch(gguf, again)).isEqualTo(-1);
        GgufExport.write(gguf, WeightType.BF16, again);
        assertThat(Files.mismatch(gguf, again)).isEqualTo(-1);
    }

    @Test
    void compressedItIsWhatTheDirectoryBecomes() throws IOException {
        CompressionOptions options = CompressionOptions.within(new Budget.ParameterRatio(0.5))
                .calibration(new CalibrationOptions(BundledText.calibration(), 1024, temporary.resolve("work"), 2))
                .evaluation(BundledText.evaluation(), 1024)
                .sensitivities(false)
                .build();
        CompressionReport ofFile = Compressor.compress(gguf, temporary.resolve("file"), options, Progress.NONE);
        CompressionReport ofDirectory =
                Compressor.compress(TALES, temporary.resolve("directory"), options, Progress.NONE);
        assertThat(ofFile.before().perplexity()).isEqualTo(ofDirectory.before().perplexity());
        // not the bytes: GGUF files hold norms as F32
        assertThat(ofFile.sizeAfter().parameters())
                .isEqualTo(ofDirectory.sizeAfter().parameters());
        String prompt = "Once upon a time there was a dog";
        try (LanguageModel one = LanguageModel.load(temporary.resolve("file"));
                LanguageModel other = LanguageModel.load(temporary.resolve("directory"))) {
            GenerationOptions greedy = GenerationOptions.greedy(30);
            assertThat(one.encodePrompt(prompt)).isEqualTo(other.encodePrompt(prompt));
            assertThat(one.generate(prompt, greedy, piece -> {}).text())
                    .isEqualTo(other.generate(prompt, greedy, piece -> {}).text());
        }
    }
}
