package io.karipap.environment;

import io.karipap.linalg.Matrix;
import io.karipap.model.Progress;
import io.karipap.operator.DenseModel;
import io.karipap.operator.LowRank;
import io.karipap.operator.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much the error of each operator costs, in nats per token. */
public final class Sensitivities {
    /** What an operator loses when its sensitivity is measured. */
    private static final double PROBE_ERROR = 0.25;

    /** Share of the mean in the sensitivity of an operator of a block: a measurement on a short text may be near zero by chance. */
    private static final double SHRINKAGE = 0.2;

    /** Sensitivity of an embedding over that of an operator of a block where none is measured; on {@code tales} it is about that. */
    private static final double EMBEDDING_SENSITIVITY = 100;

    private final Factors factors;
    private final CandidateModel judge;
    private final Progress progress;

    public Sensitivities(Factors factors, CandidateModel judge, Progress progress) {
        this.factors = factors;
        this.judge = judge;
        this.progress = progress;
    }

    /**
     * How much each operator's error costs: it alone is cut to a rank, and the model predicts the text that was kept aside. What is not
     * measured costs the same everywhere, but for the embedding.
     */
    public DenseModel measure(DenseModel model, boolean measured) {
        Map<String, Double> sensitivities = new HashMap<>();
        List<Operator> blocks = model.inBlocks();
        if (measured) {
            List<Operator> all = model.all();
            for (int i = 0; i < all.size(); i++) {
                sensitivities.put(all.get(i).name(), sensitivity(all.get(i)));
                progress.report("measure sensitivities", i + 1, all.size());
            }
            double mean = blocks.stream()
                    .mapToDouble(operator -> sensitivities.get(operator.name()))
                    .average()
                    .orElseThrow();
            blocks.forEach(operator ->
                    sensitivities.merge(operator.name(), mean, (own, m) -> (1 - SHRINKAGE) * own + SHRINKAGE * m));
        } else {
            model.others().forEach(operator -> sensitivities.put(operator.name(), EMBEDDING_SENSITIVITY));
        }
        return model.map(operator -> operator.withSensitivity(sensitivities.getOrDefault(operator.name(), 1.0)));
    }

    private double sensitivity(Operator operator) {
        return factors.files().number(operator.fileName("sensitivity"), () -> {
            double dense = denseNats();
            LowRank lowRank = factors.lowRank(operator);
            double[] errors = lowRank.errors();
            int rank = 1;
            while (rank + 1 < errors.length && errors[rank] > PROBE_ERROR) {
                rank++;
            }
            Matrix cut = lowRank.network(operator.name(), rank).dense(factors.algebra());
            double nats = judge.natsPerToken(Map.of(operator.name(), cut.toFloats()));
            return Math.max(1e-5, nats - dense) / Math.max(1e-6, errors[rank]);
        });
    }

    /** Nats per token of the dense model on the text that was kept aside. */
    public double denseNats() {
        return factors.files().number("dense-nats", () -> judge.natsPerToken(Map.of()));
    }
}
