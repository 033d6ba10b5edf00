package io.karipap.compress;

import io.karipap.ansatz.BlockLattice;
import io.karipap.ansatz.BondGrid;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import java.util.ArrayList;
import java.util.List;

/** Block lattices at a grid of bonds. */
final class BlockFamilies {
    private static final int GRID = 4;
    private static final int SWEEPS = 3;

    private final CellCosts costs;

    BlockFamilies(CellCosts costs) {
        this.costs = costs;
    }

    /** A grid of blocks over shared bases. */
    Family of(Operator operator) {
        int m = operator.rows();
        int n = operator.columns();
        int grid = GRID;
        while (m % grid != 0 || n % grid != 0) {
            grid--;
        }
        List<Option> options = new ArrayList<>();
        int lastRank = 0;
        for (double share : Cells.SHARES) {
            int rank = BondGrid.nearest(share * m * n / (m + n + grid * grid), Math.min(m, n));
            if (rank < 1 || rank == lastRank || grid == 1) {
                continue;
            }
            lastRank = rank;
            int g = grid;
            double error = costs.files()
                    .number(operator.fileName("block-" + g + "-" + rank), () -> block(operator, g, rank)
                            .error());
            for (WeightType type : costs.types()) {
                options.add(costs.option(
                        List.of(operator),
                        "block " + g + "×" + g + " " + rank,
                        BlockLattice.parameters(m, n, g, rank),
                        CellCosts.bytes(type, operator, m, rank)
                                + CellCosts.bytes(type, operator, (long) rank * g, g)
                                + CellCosts.bytes(type, operator, (long) g * rank, n / g),
                        error,
                        operator.sensitivity() * error,
                        type,
                        () -> List.of(block(operator, g, rank).network(operator.name()))));
            }
        }
        return new Family(options);
    }

    private BlockLattice block(Operator operator, int grid, int rank) {
        BlockLattice lattice = BlockLattice.of(
                operator.weights(), operator.metric(), costs.lowRank(operator), grid, rank, costs.algebra());
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }
}
