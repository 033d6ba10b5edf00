package io.karipap.compress;

import io.karipap.ansatz.BondGrid;
import io.karipap.ansatz.LowRank;
import io.karipap.ansatz.Metric;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import java.util.ArrayList;
import java.util.List;

/** Operators as they are, or as two sites. */
final class LowRankFamilies {
    private final CellCosts costs;

    LowRankFamilies(CellCosts costs) {
        this.costs = costs;
    }

    /** The matrix as it is. */
    Family dense(Operator operator) {
        List<Option> options = new ArrayList<>();
        for (WeightType type : costs.types()) {
            options.add(costs.option(
                    List.of(operator),
                    "dense",
                    operator.parameters(),
                    CellCosts.bytes(type, operator, operator.rows(), operator.columns()),
                    0,
                    0,
                    type,
                    null));
        }
        return new Family(options);
    }

    /** Two sites at every rank of the grid that saves something; or the SVD that knows nothing of the inputs. */
    Family lowRank(Operator operator, boolean plain) {
        double[] errors = costs.files()
                .get(
                        operator.fileName(plain ? "plain-errors" : "errors"),
                        () -> (plain ? plain(operator) : costs.lowRank(operator)).errors());
        long m = operator.rows();
        long n = operator.columns();
        int full = (int) Math.min(m, n);
        List<Option> options = new ArrayList<>();
        for (int rank = 1; rank < errors.length && rank * (m + n) < m * n; rank = BondGrid.next(rank, full)) {
            for (WeightType type : costs.types()) {
                int bond = rank;
                options.add(costs.option(
                        List.of(operator),
                        "low-rank " + rank,
                        rank * (m + n),
                        CellCosts.bytes(type, operator, m, rank) + CellCosts.bytes(type, operator, rank, n),
                        errors[rank],
                        operator.sensitivity() * errors[rank],
                        type,
                        () -> List.of(
                                (plain ? plain(operator) : costs.lowRank(operator)).network(operator.name(), bond))));
            }
        }
        options.addAll(dense(operator).options());
        return new Family(options);
    }

    private LowRank plain(Operator operator) {
        return costs.files()
                .lowRank(
                        operator.fileName("plain-svd"),
                        operator.rows(),
                        operator.columns(),
                        () -> LowRank.of(operator.weights(), Metric.flat(operator.columns()), costs.algebra()));
    }

    /** Two sites at full rank: larger than the matrix, and exact. */
    Option fullRank(Operator operator) {
        int rank = Math.min(operator.rows(), operator.columns());
        return costs.option(
                List.of(operator),
                "low-rank " + rank,
                (long) rank * (operator.rows() + operator.columns()),
                CellCosts.bytes(costs.types().getFirst(), operator, operator.rows(), rank)
                        + CellCosts.bytes(costs.types().getFirst(), operator, rank, operator.columns()),
                0,
                0,
                costs.types().getFirst(),
                () -> List.of(costs.lowRank(operator).network(operator.name(), rank)));
    }
}
