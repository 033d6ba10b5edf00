package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.environment.BundledText;
import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.ModelLoader;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained is what the runtime runs. */
class TorchTransformerTest {
    private static final Path TALES = Path.of("models/tales");
    private static final int LENGTH = 96;

    @TempDir
    private Path directory;

    private static int[] ids() throws IOException {
        int[] ids = Tokenizer.load(TALES).encode(BundledText.evaluation(), EncodeOptions.PARSED);
        return Arrays.copyOf(ids, LENGTH + 1);
    }

    /** [T · V] */
    private static float[] runtime(Path model, int[] ids) throws IOException {
        try (Transformer llama =
                        ModelLoader.load(new ModelSource.Directory(model), KernelChoice.of(new VectorKernels()), 2);
                KvCache cache = new KvCache(new KvPool(llama.config(), KvOptions.of(LENGTH)))) {
            Batch batch = new Batch();
            for (int i = 0; i < LENGTH; i++) {
                batch.add(ids[i], i, cache, true);
            }
            Rows logits = llama.forward(batch);
            float[] all = new float[LENGTH * llama.config().vocabularySize()];
            for (int i = 0; i < LENGTH; i++) {
                System.arraycopy(
                        logits.data(),
                        logits.at(i),
                        all,
                        i * llama.config().vocabularySize(),
                        llama.config().vocabularySize());
            }
            return all;
        }
    }

    private static float[] torch(Path model, int[] ids, ScalarType type) throws IOException {
        Trainee trainee = Trainee.read(model, null);
        long[] tokens = Arrays.stream(ids).limit(LENGTH).asLongStream().toArray();
        try (PointerScope _ = new PointerScope();
                TorchTransformer llama = trainee.model(LENGTH, type)) {
            return Gradients.without(() -> {
                Tensor flat = Torch.tensor(
                        trainee.weights(), new long[] {trainee.layout().size()}, type);
                return Torch.floats(llama.logits(Torch.parts(flat, trainee.layout()), Torch.tensor(tokens, 1, LENGTH)));
            });
        }
    }

    @Test
    void logitsOfEveryFormOfNetworkAgree() throws IOException {
        SmallModel.write(directory.resolve("small"), WeightType.F32, 3);
        float[] ours = runtime(directory.resolve("small"), ids());
        assertThat(spread(ours)).as("the logits say something").isGreaterThan(0.1);
        assertClose(torch(directory.resolve("small"), ids(), ScalarType.Float), ours);
    }

    /** One by one, because a list of half a million numbers is compared slowly. */
    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-3f));
        }
    }

    private static double spread(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    @Test
    void logitsOfTheDenseModelAgree() throws IOException {
        assertClose(torch(TALES, ids(), ScalarType.Float), runtime(TALES, ids()));
    }

    @Test
    void halfPrecisionIsCloseEnoughToLearnFrom() throws IOException {
        int[] ids = ids();
        float[] exact = runtime(TALES, ids);
        float[] half = torch(TALES, ids, ScalarType.BFloat16);
        int v = exact.length / LENGTH;
        double divergence = 0;
        double loss = 0;
        for (int t = 0; t < LENGTH; t++) {
            double[] p = logProbabilities(exact, t * v, v);
            double[] q = logProbabilities(half, t * v, v);
            for (int i = 0; i < v; i++) {
                divergence += Math.exp(p[i]) * (p[i] - q[i]) / LENGTH;
            }
            loss += (p[ids[t + 1]] - q[ids[t + 1]]) / LENGTH;
        }
        assertThat(divergence).isBetween(0.0, 1e-3);
        assertThat(loss).isBetween(-0.01, 0.01);
    }

    private static double[] logProbabilities(float[] logits, int at, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[at + i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[at + i] - max);
        }
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            result[i] = logits[at + i] - max - Math.log(sum);
        }
        return result;
    }
}
