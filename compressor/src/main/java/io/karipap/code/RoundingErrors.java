package io.karipap.code;

import io.karipap.environment.Factors;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Operator;

/** What storing an operator's own weights as codes does to it; measured once and kept. */
public record RoundingErrors(Factors factors) {
    /** The relative error in the operator's metric; 0 where nothing is rounded to codes. */
    public double of(Operator operator, StoredAs stored) {
        if (!stored.isRounded()) {
            return 0;
        }
        WeightType type = stored.type(operator.type());
        return factors.files().number(operator.fileName("rounding-" + type), () -> {
            Matrix w = operator.weights();
            Matrix rounded = new Matrix(w.rows(), w.columns(), SiteRounding.rounded(w.data(), w.columns(), type));
            return operator.metric().error(w, rounded, factors.algebra());
        });
    }
}
