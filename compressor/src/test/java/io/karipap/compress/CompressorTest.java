package io.karipap.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.ansatz.Ansatz;
import io.karipap.ansatz.Form;
import io.karipap.budget.Budget;
import io.karipap.budget.Option;
import io.karipap.budget.Repertoire;
import io.karipap.code.StoredAs;
import io.karipap.directory.ModelDirectory;
import io.karipap.environment.BundledText;
import io.karipap.environment.CalibratedModel;
import io.karipap.environment.CalibrationOptions;
import io.karipap.environment.Factors;
import io.karipap.environment.Stages;
import io.karipap.export.DenseExport;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.vector.VectorKernels;
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
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Compression of the bundled model, end to end. */
class CompressorTest {
    private static final Path TALES = Path.of("models/tales");

    @TempDir
    private Path directory;

    /** Intermediate results are shared by all tests of a class, as they are by runs. */
    @TempDir
    private static Path work;

    private static CompressionOptions.Builder options(Budget budget) {
        return CompressionOptions.within(budget)
                .calibration(new CalibrationOptions(BundledText.calibration(), 8192, work, 2))
                .evaluation(BundledText.evaluation(), 2048)
                .sensitivities(false);
    }

    private static CompressionOptions floats(Budget budget) {
        return options(budget).stored(new StoredAs.OneType(WeightType.F32)).build();
    }

    private static float[] logits(Path model, int[] ids) throws IOException {
        try (Transformer llama =
                        ModelLoader.load(new ModelSource.Directory(model), KernelChoice.of(new VectorKernels()), 2);
                KvCache cache = new KvCache(new KvPool(llama.config(), KvOptions.of(640)))) {
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
        Path output = Files.createDirectory(directory.resolve("full"));
        CalibrationOptions calibration =
                options(new Budget.ParameterRatio(1)).build().calibration();
        try (CalibratedModel model = CalibratedModel.open(TALES, calibration, new Stages(), Progress.NONE)) {
            Factors factors = new Factors(model.files(), Algebra.TORCH.open());
            Map<String, OperatorNetwork> full = new HashMap<>();
            List<Option> chosen = new ArrayList<>();
            for (Operator operator : model.operators().inBlocks()) {
                LowRank lowRank = factors.lowRank(operator);
                full.put(operator.name(), lowRank.network(operator.name(), lowRank.fullRank()));
                chosen.add(new Option(new Form.Dense(operator), new StoredAs.OneType(WeightType.F32), 0, 0, 0));
            }
            assertThat(full).hasSize(56);
            ModelWriter.write(output, model.store(), chosen, full);
            Map<String, TensorNetwork> networks = new HashMap<>();
            full.forEach((name, network) -> networks.put(name, network.network()));
            ModelDirectory.copyMetadata(TALES, output);
            ModelDirectory.writeNetwork(output, new NetworkFile(networks, JsonNodeFactory.instance.objectNode()));
        }
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
        for (double ratio : new double[] {0.8, 0.5, 0.25}) {
            CompressionReport report = Compressor.compress(
                    TALES, directory.resolve("r" + ratio), floats(new Budget.ParameterRatio(ratio)), Progress.NONE);
            assertThat(report.parameterRatio()).isBetween(ratio * 0.99, ratio);
            assertThat(report.after().perplexity())
                    .isGreaterThan(last)
                    .isGreaterThan(report.before().perplexity() * 0.995);
            last = report.after().perplexity();
        }
        assertThat(Files.readString(directory.resolve("r0.25/network.json")))
                .contains("source_sha256", "nats_per_token_after");
    }

    @Test
    void failuresLeaveNothingBehind() throws IOException {
        Path output = Files.createDirectory(directory.resolve("taken"));
        assertThatThrownBy(
                        () -> Compressor.compress(TALES, output, floats(new Budget.ParameterRatio(0.5)), Progress.NONE))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Compressor.compress(
                        TALES, directory.resolve("small"), floats(new Budget.ParameterRatio(0.001)), Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.001");
        assertThatThrownBy(() -> Compressor.compress(
                        directory.resolve("none"),
                        directory.resolve("x"),
                        floats(new Budget.ParameterRatio(0.5)),
                        Progress.NONE))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("none");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(output);
        }
    }

    /** The first blocks of the bundled model: quick, and real weights. */
    private static Path firstBlocks(Path directory, int blocks) throws IOException {
        Files.createDirectories(directory);
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json", "generation_config.json"}) {
            Files.copy(TALES.resolve(name), directory.resolve(name));
        }
        Files.writeString(
                directory.resolve("config.json"),
                Files.readString(TALES.resolve("config.json"))
                        .replace("\"num_hidden_layers\": 8", "\"num_hidden_layers\": " + blocks));
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(TALES))) {
            SafetensorsWriter writer = new SafetensorsWriter();
            store.tensors().values().stream()
                    .filter(tensor -> !tensor.name().matches(".*layers\\.[" + blocks + "-7]\\..*"))
                    .forEach(writer::add);
            writer.write(directory.resolve("model.safetensors"), Map.of());
        }
        return directory;
    }

    static Stream<String> quickRepertoires() {
        return Repertoire.all().stream().map(Repertoire::label).filter(label -> !label.equals("peps"));
    }

    @ParameterizedTest
    @MethodSource("quickRepertoires")
    void everyAnsatzMeetsTheBudgetAndItsDenseMatricesGiveTheSameLogits(String label) throws IOException {
        assertMeetsTheBudget(Repertoire.named(label));
    }

    @Test
    @Tag("campaign")
    void pepsMeetsTheBudgetAndItsDenseMatricesGiveTheSameLogits() throws IOException {
        assertMeetsTheBudget(Repertoire.named("peps"));
    }

    private void assertMeetsTheBudget(Repertoire ansatz) throws IOException {
        int[] ids = {781, 555, 258, 517, 11, 435, 301, 258, 471, 661};
        boolean slow = !ansatz.ansatze().stream().allMatch(Ansatz::automatic); // for them, bonds of two or three
        double ratio = slow ? 0.04 : 0.4;
        Path output = directory.resolve("out-" + ansatz.label());
        CompressionReport report = Compressor.compress(
                firstBlocks(directory.resolve("dense"), slow ? 1 : 2),
                output,
                options(new Budget.ParameterRatio(ratio))
                        .repertoire(ansatz)
                        .stored(new StoredAs.OneType(WeightType.Q8))
                        .evaluation(BundledText.evaluation(), slow ? 256 : 2048)
                        .build(),
                Progress.NONE);
        assertThat(report.parameterRatio()).as("%s", ansatz).isBetween(ratio * 0.99, ratio);
        assertThat(report.after().natsPerToken())
                .as("%s", ansatz)
                .isLessThan(slow || ansatz instanceof Repertoire.Baseline ? 60 : 8);
        assertThat(Files.size(output.resolve("model.safetensors")))
                .as("%s: bytes counted", ansatz)
                .isBetween(report.sizeAfter().bytes(), report.sizeAfter().bytes() + (1 << 16));
        Path rebuilt = directory.resolve("dense-" + ansatz.label());
        DenseExport.write(output, WeightType.F32, rebuilt, Algebra.TORCH.open());
        float[] factored = logits(output, ids);
        float[] expected = logits(rebuilt, ids);
        for (int i = 0; i < factored.length; i++) {
            assertThat(factored[i]).as("%s", ansatz).isCloseTo(expected[i], Offset.offset(5e-3f));
        }
    }

    @Test
    void bytesAndPerplexityAreBudgetsToo() throws IOException {
        Path dense = firstBlocks(directory.resolve("two"), 2);
        CompressionReport report = Compressor.compress(
                dense,
                directory.resolve("bytes"),
                options(new Budget.Bytes(1_000_000))
                        .repertoire(Repertoire.named("tied"))
                        .build(),
                Progress.NONE);
        assertThat(report.sizeAfter().bytes()).isBetween(990_000L, 1_000_000L);
        assertThat(report.cells()).anyMatch(cell -> cell.written().endsWith("Q4"));
        CompressionReport bounded = Compressor.compress(
                dense,
                directory.resolve("perplexity"),
                options(new Budget.PerplexityIncrease(0.1)).build(),
                Progress.NONE);
        assertThat(bounded.parameterRatio()).isLessThan(0.95);
        assertThat(bounded.after().natsPerToken()).isLessThan(bounded.before().natsPerToken() + 0.3);
    }

    private static CompressionOptions lattices(Budget budget) {
        return options(budget)
                .repertoire(Repertoire.named("peps"))
                .evaluation(BundledText.evaluation(), 256)
                .build();
    }

    @Test
    void bondsOfLatticesAreLoweredUntilTheMonitorSaysStop() throws IOException {
        Path dense = firstBlocks(directory.resolve("one"), 1);
        CompressionReport report = Compressor.compress(
                dense, directory.resolve("lattice"), lattices(new Budget.PerplexityIncrease(1e9)), Progress.NONE);
        assertThat(report.cells()).anyMatch(cell -> cell.written().matches("peps 2×2 [1-5]") && cell.error() > 0.1);
        assertThatThrownBy(() -> Compressor.compress(
                        dense, directory.resolve("none"), lattices(new Budget.PerplexityIncrease(1e-6)), Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bond 6");
    }

    @Test
    void aRunThatWasKilledGoesOn() throws IOException {
        Path dense = firstBlocks(directory.resolve("two"), 2);
        Path output = directory.resolve("out");
        Path own = directory.resolve("work");
        CompressionOptions options = options(new Budget.ParameterRatio(0.5))
                .repertoire(Repertoire.named("tied"))
                .calibration(new CalibrationOptions(BundledText.calibration(), 4096, own, 2))
                .evaluation(BundledText.evaluation(), 1024)
                .sensitivities(true)
                .build();
        assertThatThrownBy(() -> Compressor.compress(dense, output, options, (stage, done, total) -> {
                    if (stage.equals("measure sensitivities") && done == 3) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        assertThat(output).doesNotExist();
        Map<Path, FileTime> before = times(own);
        assertThat(before.keySet()).anyMatch(file -> file.toString().endsWith(".sensitivity"));
        Compressor.compress(dense, output, options, Progress.NONE);
        assertThat(output.resolve("model.safetensors")).exists();
        assertThat(times(own)).containsAllEntriesOf(before);
    }

    private static Map<Path, FileTime> times(Path directory) throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
