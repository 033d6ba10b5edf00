package io.karipap.compress;

import io.karipap.ansatz.Form;
import io.karipap.budget.BudgetChoice;
import io.karipap.budget.Judge;
import io.karipap.budget.Option;
import io.karipap.budget.SiteBuilder;
import io.karipap.compress.CompressionReport.CellReport;
import io.karipap.directory.AtomicDirectory;
import io.karipap.directory.ModelDirectory;
import io.karipap.directory.ModelSize;
import io.karipap.environment.CalibratedModel;
import io.karipap.environment.Factors;
import io.karipap.environment.Sensitivities;
import io.karipap.environment.Stages;
import io.karipap.evaluate.Perplexity;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.DenseModel;
import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a dense model, a directory or a GGUF file, into a Karipap directory. */
public final class Compressor {
    private final Path input;
    private final CompressionOptions options;
    private final Progress progress;
    private final LinearAlgebra algebra;
    private final Stages stages = new Stages();

    private Compressor(Path input, CompressionOptions options, Progress progress) {
        this.input = input;
        this.options = options;
        this.progress = progress;
        this.algebra = options.algebra().open(progress::report);
    }

    /**
     * Compresses {@code input} into the new directory {@code output}, which appears whole or not at all. Started again after a crash, it goes
     * on with what lies in the calibration's {@link io.karipap.environment.CalibrationOptions#work}.
     *
     * @throws IOException if a file cannot be read or written
     * @throws ModelFormatException if the model is malformed, not supported or compressed already
     * @throws IllegalArgumentException if the budget cannot be met
     * @throws IllegalStateException if the algebra does not work on this platform
     */
    public static CompressionReport compress(Path input, Path output, CompressionOptions options, Progress progress)
            throws IOException {
        try (AtomicDirectory directory = AtomicDirectory.create(output, options.overwrite())) {
            CompressionReport report = new Compressor(input, options, progress).run(directory.path());
            directory.commit();
            return report;
        }
    }

    private CompressionReport run(Path output) throws IOException {
        try (CalibratedModel dense = CalibratedModel.open(input, options.calibration(), stages, progress)) {
            Perplexity before = stages.run("evaluate", () -> {
                try (Transformer model = dense.load()) {
                    return evaluate(dense, model, "evaluate dense");
                }
            });
            Factors factors = new Factors(dense.files(), algebra);
            DenseModel model = dense.operators();
            stages.run("factor", () -> {
                factor(model, factors);
                return null;
            });
            Sensitivities sensitivities = new Sensitivities(factors, dense.candidates(), progress);
            DenseModel weighed =
                    stages.run("sensitivities", () -> sensitivities.measure(model, options.sensitivities()));
            SiteBuilder builder = new SiteBuilder(algebra, progress);
            Judge judge = new Judge(dense.candidates(), sensitivities, builder);
            List<Option> chosen = new BudgetChoice(weighed, factors, judge, stages, progress)
                    .choose(options.budget(), options.repertoire(), options.stored(), dense.store());
            Map<String, OperatorNetwork> built = stages.run("build sites", () -> builder.build(chosen, "build sites"));
            return write(output, dense, before, chosen, built);
        }
    }

    /** The low rank of every operator: all else starts from it. */
    private void factor(DenseModel model, Factors factors) {
        List<Operator> all = model.all();
        for (int i = 0; i < all.size(); i++) {
            factors.lowRank(all.get(i));
            progress.report("factor", i + 1, all.size());
        }
    }

    /** Writes what was chosen, then measures it and writes that too. */
    private CompressionReport write(
            Path output,
            CalibratedModel dense,
            Perplexity before,
            List<Option> chosen,
            Map<String, OperatorNetwork> built)
            throws IOException {
        List<CellReport> cells = chosen.stream()
                .map(option ->
                        new CellReport(option.operators(), option.label(), option.parameters(), error(option, built)))
                .toList();
        stages.run("write", () -> {
            ModelWriter.write(output, dense.store(), chosen, built);
            return null;
        });
        Map<String, TensorNetwork> networks = new LinkedHashMap<>();
        built.forEach((name, network) -> networks.put(name, network.network()));
        NetworkFile network = new NetworkFile(networks, Provenance.begin(dense.hash(), options, dense.tokens(), cells));
        ModelDirectory.copyMetadata(input, output);
        ModelDirectory.writeNetwork(output, network);
        CompressionReport report = stages.run("evaluate", () -> measure(output, dense, before, cells));
        ModelDirectory.writeNetwork(
                output, new NetworkFile(network.operators(), Provenance.finish(network.provenance(), report)));
        return report.taking(stages.durations());
    }

    private CompressionReport measure(Path output, CalibratedModel dense, Perplexity before, List<CellReport> cells)
            throws IOException {
        ModelSource written = new ModelSource.Directory(output);
        try (TensorStore compressed = TensorStore.open(written);
                Transformer model = dense.load(written)) {
            Perplexity after = evaluate(dense, model, "evaluate compressed");
            return new CompressionReport(
                    ModelSize.of(dense.store()), ModelSize.of(compressed), before, after, cells, Map.of());
        }
    }

    private Perplexity evaluate(CalibratedModel dense, Transformer model, String stage) {
        int[] ids = dense.tokenizer().encode(options.evaluationText(), EncodeOptions.PARSED);
        long total = Math.min(ids.length, options.maxEvaluationTokens());
        return Perplexity.measure(
                model,
                ids,
                CalibratedModel.WINDOW,
                total,
                done -> progress.report(stage, Math.min(done, total), total));
    }

    /** The error that was promised, or, where none was, that of the sites. */
    private double error(Option option, Map<String, OperatorNetwork> built) {
        Form form = option.form();
        return form.loss().error().orElseGet(() -> form.operators().stream()
                .mapToDouble(operator -> operator.metric()
                        .error(operator.weights(), built.get(operator.name()).dense(algebra), algebra))
                .average()
                .orElseThrow());
    }
}
