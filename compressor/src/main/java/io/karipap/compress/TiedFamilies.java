package io.karipap.compress;

import io.karipap.ansatz.BondGrid;
import io.karipap.ansatz.TiedCell;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import io.karipap.trg.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operators that read the same over one shared site, at a grid of shared bonds and prices for the second cut. */
final class TiedFamilies {
    private static final int STEPS = 40;

    private final CellCosts costs;
    private final Map<String, Family> made = new HashMap<>();

    TiedFamilies(CellCosts costs) {
        this.costs = costs;
    }

    /** Operators that read the same, over one shared site; asked for again, the same. */
    Family of(List<Operator> operators, String shared) {
        return made.computeIfAbsent(shared, name -> family(operators, name));
    }

    private Family family(List<Operator> operators, String shared) {
        double[] factors = costs.lossFactors(operators);
        TiedCell cell = tiedCell(operators, factors);
        int n = cell.columns();
        double[] energies = cell.energies();
        double[] tail = Truncation.tails(energies);
        int m = operators.stream().mapToInt(Operator::rows).sum();
        long denseParameters = (long) m * n;
        List<Option> options = new ArrayList<>();
        int grid = BondGrid.step(energies.length);
        int step = Math.max(grid, BondGrid.nearest(energies.length / STEPS, energies.length));
        for (int s = step; s <= energies.length; s += step) {
            double margin = energies[s - 1] / (m + n); // loss per parameter of the last shared bond
            for (double price : new double[] {0, margin / 2, margin, 2 * margin}) {
                int[] ranks = new int[operators.size()];
                long parameters = (long) s * n;
                double loss = tail[s];
                for (int g = 0; g < ranks.length; g++) {
                    double[] values = cell.memberValues(g, s);
                    int rows = cell.rows(g);
                    int rank = values.length;
                    double cut = 0;
                    while (price > 0 && rank > 1 && values[rank - 1] * values[rank - 1] < price * (rows + s)) {
                        rank--;
                        cut += values[rank] * values[rank];
                    }
                    for (; rank % grid != 0 && rank < values.length; rank++) {
                        cut -= values[rank] * values[rank];
                    }
                    boolean useful = (long) rank * (rows + s) < (long) rows * s;
                    ranks[g] = useful ? rank : 0;
                    parameters += useful ? (long) rank * (rows + s) : (long) rows * s;
                    loss += useful ? cut : 0;
                }
                boolean cutSomewhere = Arrays.stream(ranks).anyMatch(r -> r > 0);
                if (parameters >= denseParameters || price > 0 && !cutSomewhere) {
                    continue;
                }
                int bond = s;
                for (WeightType type : costs.types()) {
                    long bytes = CellCosts.bytes(type, operators.getFirst(), s, n);
                    for (int g = 0; g < ranks.length; g++) {
                        Operator member = operators.get(g);
                        bytes += ranks[g] == 0
                                ? CellCosts.bytes(type, member, member.rows(), s)
                                : CellCosts.bytes(type, member, member.rows(), ranks[g])
                                        + CellCosts.bytes(type, member, ranks[g], s);
                    }
                    options.add(costs.option(
                            operators,
                            "tied " + s + (cutSomewhere ? " " + Arrays.toString(ranks) : ""),
                            parameters,
                            bytes,
                            loss / CellCosts.sum(operators),
                            loss,
                            type,
                            () -> CellCosts.unscaled(
                                    tiedCell(operators, factors).networks(shared, bond, ranks), operators, factors)));
                }
            }
        }
        return new Family(options);
    }

    private TiedCell tiedCell(List<Operator> operators, double[] factors) {
        List<Matrix> weights = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            weights.add(CellCosts.scaled(operators.get(g).weights(), factors[g]));
        }
        return TiedCell.of(
                operators.stream().map(Operator::name).toList(),
                weights,
                operators.getFirst().metric(),
                costs.algebra());
    }
}
