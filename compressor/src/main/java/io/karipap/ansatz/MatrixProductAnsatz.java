package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Cell;
import io.karipap.operator.Metric;
import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import io.karipap.trg.Truncation;
import java.util.ArrayList;
import java.util.List;

/** A chain of two sites, each with an out-digit and an in-digit, at every bond. */
public record MatrixProductAnsatz() implements Ansatz {
    private static final int SITES = 2;
    private static final int SWEEPS = 3;

    @Override
    public String label() {
        return "mpo";
    }

    @Override
    public String description() {
        return "a chain of two sites";
    }

    @Override
    public Scope scope() {
        return Scope.OPERATOR;
    }

    @Override
    public boolean automatic() {
        return false;
    }

    /** Every bond that saves something, and the matrix as it is. */
    @Override
    public List<Form> forms(Cell cell, Factors factors) {
        Operator operator = cell.first();
        int[] out = Digits.of(operator.rows(), SITES);
        int[] in = Digits.of(operator.columns(), SITES);
        double[] errors = factors.files()
                .get(
                        operator.fileName("chain"),
                        () -> Truncation.errors(MatrixProduct.bondEnergies(
                                operator.weights(), operator.metric(), out, in, factors.algebra())));
        List<Form> forms = new ArrayList<>();
        for (int bond = 1; bond < errors.length; bond++) {
            int size = bond;
            Form form = new Form.Networks(
                    List.of(operator),
                    "mpo " + bond,
                    List.of(
                            new StoredMatrix(operator, (long) out[0] * bond, in[0]),
                            new StoredMatrix(operator, (long) out[1] * bond, in[1])),
                    PredictedLoss.guess(errors[bond], operator),
                    () -> List.of(chain(operator, out, in, size, factors)));
            if (form.parameters() >= operator.parameters()) {
                break;
            }
            forms.add(form);
        }
        forms.add(new Form.Dense(operator));
        return forms;
    }

    private static OperatorNetwork chain(Operator operator, int[] out, int[] in, int bond, Factors factors) {
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        OperatorNetwork start =
                MatrixProduct.of(new Original(operator.name(), w, metric), out, in, bond, factors.algebra());
        return new AlternatingLeastSquares(w, metric, factors.algebra())
                .optimise(start, SWEEPS, 1e-3, new ArrayList<>());
    }
}
