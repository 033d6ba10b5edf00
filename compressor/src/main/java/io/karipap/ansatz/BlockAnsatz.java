package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.operator.Cell;
import io.karipap.operator.Operator;
import java.util.ArrayList;
import java.util.List;

/** A grid of blocks over shared bases, at a grid of bonds. */
public record BlockAnsatz() implements Ansatz {
    private static final int GRID = 4;
    private static final int SWEEPS = 3;

    @Override
    public String label() {
        return "block";
    }

    @Override
    public String description() {
        return "4×4 blocks that share bases by row and by column";
    }

    @Override
    public Scope scope() {
        return Scope.OPERATOR;
    }

    @Override
    public boolean automatic() {
        return true;
    }

    @Override
    public List<Form> forms(Cell cell, Factors factors) {
        Operator operator = cell.first();
        int m = operator.rows();
        int n = operator.columns();
        int grid = grid(operator);
        List<Form> forms = new ArrayList<>();
        int last = 0;
        for (double share : BondGrid.shares()) {
            int rank = BondGrid.nearest(share * m * n / (m + n + grid * grid), Math.min(m, n));
            if (rank < 1 || rank == last || grid == 1) {
                continue;
            }
            last = rank;
            double error = factors.files()
                    .number(operator.fileName("block-" + grid + "-" + rank), () -> lattice(operator, rank, factors)
                            .error());
            forms.add(new Form.Networks(
                    List.of(operator),
                    "block " + grid + "×" + grid + " " + rank,
                    List.of(
                            new StoredMatrix(operator, m, rank),
                            new StoredMatrix(operator, (long) rank * grid, grid),
                            new StoredMatrix(operator, (long) grid * rank, n / grid)),
                    PredictedLoss.of(error, operator),
                    () -> List.of(lattice(operator, rank, factors).network(operator.name()))));
        }
        return forms;
    }

    /** Blocks a side: what divides both. */
    private static int grid(Operator operator) {
        int grid = GRID;
        while (operator.rows() % grid != 0 || operator.columns() % grid != 0) {
            grid--;
        }
        return grid;
    }

    private static BlockLattice lattice(Operator operator, int rank, Factors factors) {
        BlockLattice lattice = BlockLattice.of(
                operator.weights(),
                operator.metric(),
                factors.lowRank(operator),
                grid(operator),
                rank,
                factors.algebra());
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }
}
