package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.operator.Cell;
import io.karipap.operator.LowRank;
import io.karipap.operator.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Two sites and a bond. */
public record LowRankAnsatz() implements Ansatz {
    @Override
    public String label() {
        return "low-rank";
    }

    @Override
    public String description() {
        return "two sites and a bond";
    }

    @Override
    public Scope scope() {
        return Scope.OPERATOR;
    }

    @Override
    public boolean automatic() {
        return true;
    }

    /** Every rank of the grid that saves something, and the matrix as it is. */
    @Override
    public List<Form> forms(Cell cell, Factors factors) {
        Operator operator = cell.first();
        double[] errors = factors.files().get(operator.fileName("errors"), () -> factors.lowRank(operator)
                .errors());
        return forms(operator, errors, () -> factors.lowRank(operator));
    }

    /**
     * @param errors relative, by rank
     * @param lowRank read when sites are built
     */
    static List<Form> forms(Operator operator, double[] errors, Supplier<LowRank> lowRank) {
        long m = operator.rows();
        long n = operator.columns();
        int full = (int) Math.min(m, n);
        List<Form> forms = new ArrayList<>();
        for (int rank = 1; rank < errors.length && rank * (m + n) < m * n; rank = BondGrid.next(rank, full)) {
            int bond = rank;
            forms.add(new Form.Networks(
                    List.of(operator),
                    "low-rank " + rank,
                    List.of(new StoredMatrix(operator, m, rank), new StoredMatrix(operator, rank, n)),
                    PredictedLoss.of(errors[rank], operator),
                    () -> List.of(lowRank.get().network(operator.name(), bond))));
        }
        forms.add(new Form.Dense(operator));
        return forms;
    }
}
