package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.operator.Cell;
import io.karipap.operator.Operator;
import io.karipap.trg.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Operators that read the same over one shared site, at a grid of shared bonds and of prices for the second cut. */
public record TiedAnsatz() implements Ansatz {
    private static final int STEPS = 40;

    @Override
    public String label() {
        return "tied";
    }

    @Override
    public String description() {
        return "q/k/v and gate/up share a site";
    }

    @Override
    public Scope scope() {
        return Scope.SAME_INPUT;
    }

    @Override
    public boolean automatic() {
        return true;
    }

    @Override
    public Optional<Ansatz> beside() {
        return Optional.of(new LowRankAnsatz());
    }

    @Override
    public List<Form> forms(Cell cell, Factors factors) {
        LossScaling scaling = LossScaling.of(cell, factors);
        TiedCell tied = tied(scaling, factors.algebra());
        double[] energies = tied.energies();
        double[] tail = Truncation.tails(energies);
        long m = cell.members().stream().mapToInt(Operator::rows).sum();
        int n = tied.columns();
        int grid = BondGrid.step(energies.length);
        int step = Math.max(grid, BondGrid.nearest(energies.length / STEPS, energies.length));
        List<Form> forms = new ArrayList<>();
        for (int s = step; s <= energies.length; s += step) {
            double margin = energies[s - 1] / (m + n); // loss per parameter of the last shared bond
            for (double price : new double[] {0, margin / 2, margin, 2 * margin}) {
                SecondCut cut = SecondCut.of(tied, s, price, grid, tail[s]);
                Form form = form(scaling, s, cut, factors.algebra());
                if (form.parameters() < m * n && (price == 0 || cut.somewhere())) {
                    forms.add(form);
                }
            }
        }
        return forms;
    }

    /**
     * The bonds r of the members at a shared bond s.
     *
     * @param ranks 0 where a second bond would not save anything
     * @param loss of both cuts
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record SecondCut(int[] ranks, double loss) {
        /** Drops what costs less than {@code price} a parameter. */
        static SecondCut of(TiedCell cell, int s, double price, int grid, double sharedLoss) {
            int[] ranks = new int[cell.members()];
            double loss = sharedLoss;
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
                loss += useful ? cut : 0;
            }
            return new SecondCut(ranks, loss);
        }

        boolean somewhere() {
            return Arrays.stream(ranks).anyMatch(rank -> rank > 0);
        }
    }

    private static Form form(LossScaling scaling, int s, SecondCut cut, LinearAlgebra algebra) {
        Cell cell = scaling.cell();
        List<StoredMatrix> sites = new ArrayList<>();
        sites.add(new StoredMatrix(cell.first(), s, cell.first().columns()));
        for (int g = 0; g < cut.ranks().length; g++) {
            Operator member = cell.members().get(g);
            int rank = cut.ranks()[g];
            if (rank == 0) {
                sites.add(new StoredMatrix(member, member.rows(), s));
            } else {
                sites.add(new StoredMatrix(member, member.rows(), rank));
                sites.add(new StoredMatrix(member, rank, s));
            }
        }
        return new Form.Networks(
                cell.members(),
                "tied " + s + (cut.somewhere() ? " " + Arrays.toString(cut.ranks()) : ""),
                sites,
                new PredictedLoss(OptionalDouble.of(cut.loss() / scaling.total()), cut.loss()),
                () -> scaling.undone(tied(scaling, algebra).networks(cell.sharedName(), s, cut.ranks())));
    }

    private static TiedCell tied(LossScaling scaling, LinearAlgebra algebra) {
        return TiedCell.of(
                scaling.cell().names(),
                scaling.weights(),
                scaling.cell().first().metric(),
                algebra);
    }
}
