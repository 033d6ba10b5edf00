package io.karipap.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.kernels.Rows;
import io.karipap.kernels.VectorKernels;
import io.karipap.kernels.WeightType;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvPool;
import io.karipap.model.Llama;
import io.karipap.model.LlamaLoader;
import io.karipap.model.Progress;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compression of the bundled model, end to end. */
class CompressorTest {
    private static final Path TALES = Path.of("models/tales");

    @TempDir
    private Path directory;

    private static CompressionOptions options(Budget budget) {
        return new CompressionOptions(
                budget, BundledText.calibration(), BundledText.evaluation(), 8192, 4096, WeightType.F32, false, 2);
    }

    private static float[] logits(Path model, int[] ids) throws IOException {
        try (Llama llama = LlamaLoader.load(new ModelSource.Directory(model), new VectorKernels(), 2);
                KvCache cache = new KvCache(new KvPool(llama.config(), 10))) {
            Batch batch = new Batch();
            for (int i = 0; i < ids.length; i++) {
                batch.add(ids[i], i, cache, true);
            }
            Rows logits = llama.forward(batch);
            return logits.data().clone();
        }
    }

    @Test
    void fullRankLosesNothing() throws IOException {
        Path output = directory.resolve("full");
        CompressionReport report = Compressor.compress(TALES, output, options(new Budget.FullRank()), Progress.NONE);
        assertThat(report.operators())
                .hasSize(56)
                .allMatch(operator -> operator.bond() == Math.min(operator.out(), operator.in()));
        int[] ids = {781, 555, 258, 517, 11, 435, 301, 258, 471, 661};
        float[] dense = logits(TALES, ids);
        float[] factored = logits(output, ids);
        for (int i = 0; i < dense.length; i++) {
            assertThat(factored[i]).isCloseTo(dense[i], Offset.offset(1e-3f));
        }
    }

    @Test
    void perplexityRisesAsTheRatioFallsAndTheRatioIsMet() throws IOException {
        double last = 0;
        for (double ratio : new double[] {0.9, 0.7, 0.5, 0.3}) {
            CompressionReport report = Compressor.compress(
                    TALES, directory.resolve("r" + ratio), options(new Budget.ParameterRatio(ratio)), Progress.NONE);
            assertThat(report.parameterRatio()).isBetween(ratio * 0.99, ratio);
            assertThat(report.after().perplexity())
                    .isGreaterThan(last)
                    .isGreaterThan(report.before().perplexity() * 0.995);
            last = report.after().perplexity();
        }
        assertThat(Files.readString(directory.resolve("r0.3/network.json")))
                .contains("source_sha256", "nats_per_token_after");
    }

    @Test
    void failuresLeaveNothingBehind() throws IOException {
        Path output = Files.createDirectory(directory.resolve("taken"));
        assertThatThrownBy(() ->
                        Compressor.compress(TALES, output, options(new Budget.ParameterRatio(0.5)), Progress.NONE))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Compressor.compress(
                        TALES, directory.resolve("small"), options(new Budget.ParameterRatio(0.1)), Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.1");
        assertThatThrownBy(() -> Compressor.compress(
                        directory.resolve("none"),
                        directory.resolve("x"),
                        options(new Budget.FullRank()),
                        Progress.NONE))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("none");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(output);
        }
    }
}
