package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.environment.BundledText;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.model.Progress;
import io.karipap.network.NetworkFile;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.train.TrainingOptions.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Training and healing of real, if small, models, end to end. */
class ModelTrainingTest {
    private static final Path TALES = Path.of("models/tales");

    @TempDir
    private Path directory;

    private static TrainingTexts texts() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TALES);
        return new TrainingTexts(
                List.of(new TokenText("train", tokenizer.encode(BundledText.calibration(), EncodeOptions.PARSED))),
                new double[] {1},
                List.of(new TokenText("held", tokenizer.encode(BundledText.evaluation(), EncodeOptions.PARSED))));
    }

    private TrainingOptions options(String name, long tokens, double rate, Precision precision) {
        return TrainingOptions.into(directory.resolve(name + "-checkpoints"))
                .tokens(tokens)
                .batch(4)
                .sequence(64)
                .rate(rate)
                .warmUp(0.1)
                .lastRate(0.1)
                .decay(0.01)
                .clip(1)
                .seed(7)
                .precision(precision)
                .validationTokens(512)
                .validateEvery(5)
                .patience(100)
                .checkpointEvery(5)
                .threads(2)
                .build();
    }

    private static ModelTraining training(TrainingOptions options) throws IOException {
        return new ModelTraining(texts(), options, Progress.NONE);
    }

    private static float[] weights(Path model) throws IOException {
        return Trainee.read(model, null).weights();
    }

    private static List<JsonNode> curve(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(LossCurve.NAME)).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    @Test
    void aModelOfSitesLearnsFromTheStart() throws IOException {
        Path config = directory.resolve("config");
        SmallModel.write(config, WeightType.F32, 1);
        Path out = directory.resolve("out");
        TrainingReport report = training(options("out", 256 * 60, 3e-3, Precision.BF16))
                .fresh(config, config.resolve(NetworkFile.NAME), WeightType.Q8, out);
        assertThat(report.before()).isBetween(8.2, 8.5); // ln 4096 = 8.32
        assertThat(report.after()).isLessThan(7);
        assertThat(report.steps()).isEqualTo(60);
        assertThat(Files.list(out).map(file -> file.getFileName().toString()))
                .contains(
                        "config.json",
                        "tokenizer.json",
                        "model.safetensors",
                        "network.json",
                        "curve.jsonl",
                        "curve.svg");
        assertThat(JsonMapper.shared()
                        .readTree(Files.readAllBytes(out.resolve(NetworkFile.NAME)))
                        .path("provenance")
                        .path("training")
                        .path("validation_after")
                        .asDouble())
                .isEqualTo(report.after());
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(out))) {
            assertThat(store.tensors().values()).allSatisfy(tensor -> assertThat(tensor.type())
                    .isEqualTo(tensor.shape().size() > 1 ? WeightType.Q8 : WeightType.BF16));
        }
    }

    /** Stands for whatever may kill a run. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aKilledRunGoesOnAsIfNothingHadHappened() throws IOException {
        Path model = directory.resolve("model");
        SmallModel.write(model, WeightType.F32, 1);
        Path whole = directory.resolve("whole");
        training(options("whole", 256 * 20, 1e-3, Precision.F32)).continued(model, whole);

        Path killed = directory.resolve("killed");
        TrainingOptions options = options("killed", 256 * 20, 1e-3, Precision.F32);
        Progress killer = (stage, done, total) -> {
            if (done == 256 * 13) {
                throw new Killed();
            }
        };
        assertThatThrownBy(() -> new ModelTraining(texts(), options, killer).continued(model, killed))
                .isInstanceOf(Killed.class);
        assertThat(killed).doesNotExist();
        training(options).continued(model, killed);

        float[] resumedWeights = weights(killed);
        float[] wholeWeights = weights(whole);
        assertThat(resumedWeights).hasSameSizeAs(wholeWeights);
        for (int i = 0; i < wholeWeights.length; i++) {
            assertThat(resumedWeights[i]).isCloseTo(wholeWeights[i], Offset.offset(1e-5f));
        }
        List<JsonNode> expected = curve(whole);
        List<JsonNode> resumed = curve(killed);
        assertThat(resumed.stream().map(line -> line.path("step").asInt()))
                .containsExactlyElementsOf(
                        expected.stream().map(line -> line.path("step").asInt()).toList());
        assertThat(resumed.getLast().path("validation").asDouble())
                .isCloseTo(expected.getLast().path("validation").asDouble(), Offset.offset(1e-5));
        assertThatThrownBy(() -> training(options("killed", 256 * 20, 2e-3, Precision.F32))
                        .continued(model, directory.resolve("other")))
                .hasMessageContaining("another folder");
    }

    @Test
    void aRunMayBecomeLonger() throws IOException {
        Path model = directory.resolve("model");
        SmallModel.write(model, WeightType.F32, 1);
        training(options("run", 256 * 4, 1e-3, Precision.F32)).continued(model, directory.resolve("short"));
        Path out = directory.resolve("long");
        TrainingReport report =
                training(options("run", 256 * 7, 1e-3, Precision.F32)).continued(model, out);
        assertThat(report.steps()).isEqualTo(7);
        assertThat(curve(out).stream().map(line -> line.path("step").asInt()))
                .isSorted()
                .contains(0, 4, 7);
    }

    @Test
    void healingTeachesRoundedSites() throws IOException {
        Path student = directory.resolve("student");
        SmallModel.write(student, WeightType.Q8, 1);
        Path out = directory.resolve("healed");
        TrainingReport report = training(options("healed", 256 * 15, 3e-3, Precision.BF16))
                .heal(student, TALES, out, new Storage.AsItIs(), 2, 0.7);
        assertThat(report.after()).isLessThan(report.before() - 0.3);
        try (TensorStore before = TensorStore.open(new ModelSource.Directory(student));
                TensorStore after = TensorStore.open(new ModelSource.Directory(out))) {
            assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
            before.tensors().forEach((name, tensor) -> assertThat(
                            after.tensors().get(name).type())
                    .as(name)
                    .isEqualTo(tensor.type()));
        }
    }

    @Test
    void healingNeverMakesItWorse() throws IOException {
        Path out = directory.resolve("healed");
        TrainingReport report = training(options("healed", 256 * 6, 10, Precision.F32))
                .heal(TALES, TALES, out, new Storage.AsItIs(), 1, 1);
        assertThat(report.bestStep()).isZero();
        assertThat(report.after()).isEqualTo(report.before());
        assertThat(weights(out)).isEqualTo(weights(TALES));
        assertThat(Arrays.stream(curve(out).toArray(JsonNode[]::new))
                        .filter(line -> line.path("validation").asDouble(0) > report.before() + 1))
                .as("validations of the ruined model")
                .isNotEmpty();
    }

    @Test
    void bitsAreMixedToMeetASize() throws IOException {
        Path student = directory.resolve("student");
        SmallModel.write(student, WeightType.BF16, 1);
        TrainingOptions options = options("mixed", 256 * 5, 1e-3, Precision.BF16);
        Path out = directory.resolve("mixed");
        training(options).heal(student, TALES, out, new Storage.Within(200_000), 1, 1);
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(out))) {
            assertThat(store.tensors().values().stream()
                            .mapToLong(io.karipap.format.Tensor::bytes)
                            .sum())
                    .isBetween(120_000L, 200_000L);
            assertThat(store.tensors().values().stream().map(io.karipap.format.Tensor::type))
                    .contains(WeightType.Q8, WeightType.Q4, WeightType.BF16);
        }
        assertThatThrownBy(() -> training(options)
                        .heal(student, TALES, directory.resolve("none"), new Storage.Within(50_000), 1, 1))
                .hasMessageContaining("needs at least");
    }
}
