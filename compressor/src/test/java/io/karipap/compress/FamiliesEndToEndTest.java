package io.karipap.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.ansatz.Form;
import io.karipap.budget.Budget;
import io.karipap.budget.Option;
import io.karipap.code.StoredAs;
import io.karipap.directory.ModelDirectory;
import io.karipap.environment.CalibratedModel;
import io.karipap.environment.CalibrationOptions;
import io.karipap.environment.Factors;
import io.karipap.environment.Stages;
import io.karipap.export.DenseExport;
import io.karipap.export.GgufExport;
import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.linalg.Algebra;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.LowRank;
import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import io.karipap.train.ModelTraining;
import io.karipap.train.Storage;
import io.karipap.train.TokenText;
import io.karipap.train.TrainingOptions;
import io.karipap.train.TrainingReport;
import io.karipap.train.TrainingTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** A small random model of every family is compressed, healed and exported. */
class FamiliesEndToEndTest {
    private static final Path GGUF = Path.of("../runtime/src/test/resources/io/karipap/model/gguf");

    /** Tokens of the small vocabulary are the characters from ! on. */
    private static final int FIRST_TOKEN = 3;

    private static final int TOKENS = 58;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "smollm3", "phi", "granite", "olmo2", "gpt2"
            })
    void everyStepWorks(String name) throws IOException {
        Path dense = temporary.resolve("dense");
        DenseExport.write(GGUF.resolve(name + ".gguf"), WeightType.BF16, dense, Algebra.TORCH.open());
        float[] expected = logits(dense);
        assertThat(logits(GGUF.resolve(name + ".gguf"))).containsExactly(expected);
        assertThat(logits(fullRank(dense))).containsExactly(expected, Offset.offset(2e-3f));

        Path compressed = temporary.resolve("compressed");
        Compressor.compress(
                dense,
                compressed,
                CompressionOptions.within(new Budget.ParameterRatio(0.7))
                        .calibration(calibration())
                        .evaluation(text(2), 128)
                        .stored(new StoredAs.OneType(WeightType.Q8))
                        .sensitivities(false)
                        .build(),
                Progress.NONE);
        assertExported(compressed);
        assertExported(healed(compressed, dense));
    }

    private CalibrationOptions calibration() {
        return new CalibrationOptions(text(1), 512, temporary.resolve("work"), 2);
    }

    private static String text(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append((char) ('!' + random.nextInt(TOKENS)));
        }
        return text.toString();
    }

    /** What is exported of networks gives their logits. */
    private void assertExported(Path model) throws IOException {
        float[] expected = logits(model);
        Path directory = temporary.resolve(model.getFileName() + "-hf");
        DenseExport.write(model, WeightType.F32, directory, Algebra.TORCH.open());
        assertThat(logits(directory)).containsExactly(expected, Offset.offset(5e-3f));
        Path file = temporary.resolve(model.getFileName() + ".gguf");
        GgufExport.write(model, WeightType.F32, file, Algebra.TORCH::open);
        assertThat(logits(file)).containsExactly(expected, Offset.offset(5e-3f));
    }

    private Path fullRank(Path dense) throws IOException {
        Path output = Files.createDirectory(temporary.resolve("full"));
        try (CalibratedModel model = CalibratedModel.open(dense, calibration(), new Stages(), Progress.NONE)) {
            Factors factors = new Factors(model.files(), Algebra.TORCH.open());
            Map<String, OperatorNetwork> full = new HashMap<>();
            List<Option> chosen = new ArrayList<>();
            for (Operator operator : model.operators().inBlocks()) {
                LowRank lowRank = factors.lowRank(operator);
                full.put(operator.name(), lowRank.network(operator.name(), lowRank.fullRank()));
                chosen.add(new Option(new Form.Dense(operator), new StoredAs.OneType(WeightType.F32), 0, 0, 0));
            }
            ModelWriter.write(output, model.store(), chosen, full);
            Map<String, TensorNetwork> networks = new HashMap<>();
            full.forEach((operator, network) -> networks.put(operator, network.network()));
            ModelDirectory.copyMetadata(dense, output);
            ModelDirectory.writeNetwork(output, new NetworkFile(networks, JsonNodeFactory.instance.objectNode()));
        }
        return output;
    }

    private Path healed(Path student, Path teacher) throws IOException {
        Path output = temporary.resolve("healed");
        Random random = new Random(3);
        int[] ids = random.ints(600, FIRST_TOKEN, FIRST_TOKEN + TOKENS).toArray();
        TrainingTexts texts = new TrainingTexts(
                List.of(new TokenText("train", ids)), new double[] {1}, List.of(new TokenText("held", ids)));
        TrainingOptions options = TrainingOptions.into(temporary.resolve("checkpoints"))
                .tokens(64)
                .batch(2)
                .sequence(16)
                .rate(1e-3)
                .warmUp(0.1)
                .lastRate(0.1)
                .decay(0.01)
                .clip(1)
                .seed(7)
                .precision(TrainingOptions.Precision.F32)
                .validationTokens(64)
                .validateEvery(1)
                .patience(100)
                .checkpointEvery(2)
                .threads(1)
                .build();
        TrainingReport report = new ModelTraining(texts, options, Progress.NONE)
                .heal(student, teacher, output, new Storage.AsItIs(), 2, 0.7);
        assertThat(report.steps()).isEqualTo(2);
        return output;
    }

    private static float[] logits(Path model) throws IOException {
        try (Transformer transformer =
                        ModelLoader.load(ModelSource.of(model), KernelChoice.of(new ScalarKernels()), 1);
                KvCache cache = new KvCache(new KvPool(transformer.config(), KvOptions.of(64)))) {
            Batch batch = new Batch();
            for (int i = 0; i < 16; i++) {
                batch.add(FIRST_TOKEN + 7 * i % TOKENS, i, cache, true);
            }
            Rows logits = transformer.forward(batch);
            int vocabulary = transformer.config().vocabularySize();
            float[] all = new float[batch.rows() * vocabulary];
            for (int row = 0; row < batch.rows(); row++) {
                System.arraycopy(logits.data(), logits.at(row), all, row * vocabulary, vocabulary);
            }
            return all;
        }
    }
}
