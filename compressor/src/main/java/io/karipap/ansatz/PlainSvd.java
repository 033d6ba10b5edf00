package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.operator.LowRank;
import io.karipap.operator.Metric;
import io.karipap.operator.Operator;
import java.util.List;

/** Low rank by SVDs that know nothing of the inputs: no ansatz, a baseline to compare with. */
public final class PlainSvd {
    public static final String LABEL = "plain-svd";

    private PlainSvd() {}

    /** Every rank of the grid that saves something, and the matrix as it is. */
    public static List<Form> forms(Operator operator, Factors factors) {
        double[] errors = factors.files().get(operator.fileName("plain-errors"), () -> factored(operator, factors)
                .errors());
        return LowRankAnsatz.forms(operator, errors, () -> factored(operator, factors));
    }

    private static LowRank factored(Operator operator, Factors factors) {
        return factors.files()
                .lowRank(
                        operator.fileName(LABEL),
                        operator.rows(),
                        operator.columns(),
                        () -> LowRank.of(operator.weights(), Metric.flat(operator.columns()), factors.algebra()));
    }
}
