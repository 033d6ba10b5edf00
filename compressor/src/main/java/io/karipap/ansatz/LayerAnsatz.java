package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.operator.Cell;
import io.karipap.operator.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** Operators of one kind in neighbouring blocks over shared bases, at a grid of bonds. */
public record LayerAnsatz() implements Ansatz {
    private static final int SWEEPS = 3;

    @Override
    public String label() {
        return "layer";
    }

    @Override
    public String description() {
        return "bases shared by neighbouring blocks";
    }

    @Override
    public Scope scope() {
        return Scope.NEIGHBOURING_BLOCKS;
    }

    @Override
    public boolean automatic() {
        return true;
    }

    @Override
    public List<Form> forms(Cell cell, Factors factors) {
        int m = cell.first().rows();
        int n = cell.first().columns();
        int c = cell.members().size();
        LossScaling scaling = LossScaling.of(cell, factors);
        LayerLattice.Bases[] made = new LayerLattice.Bases[1];
        Supplier<LayerLattice.Bases> bases = () -> made[0] == null
                ? made[0] = bases(scaling, factors.algebra())
                : made[0]; // not where all curves are stored
        List<Form> forms = new ArrayList<>();
        int last = 0;
        for (double share : BondGrid.shares()) {
            int bond = bond(m, n, c, share);
            if (bond < 1 || bond == last || LayerLattice.parameters(m, n, c, bond, bond) >= (long) c * m * n) {
                continue;
            }
            last = bond;
            double loss = factors.files()
                    .number(
                            cell.first().fileName("layer-" + bond + "-" + bond + "-" + scaling.key()),
                            () -> lattice(bases.get(), bond, factors.algebra()).error() * scaling.total());
            forms.add(form(scaling, bond, loss, factors.algebra()));
        }
        return forms;
    }

    private static Form form(LossScaling scaling, int bond, double loss, LinearAlgebra algebra) {
        Cell cell = scaling.cell();
        Operator like = cell.first();
        List<StoredMatrix> sites = new ArrayList<>();
        sites.add(new StoredMatrix(like, like.rows(), bond));
        cell.members().forEach(member -> sites.add(new StoredMatrix(like, bond, bond)));
        sites.add(new StoredMatrix(like, bond, like.columns()));
        return new Form.Networks(
                cell.members(),
                "layer " + bond + "×" + bond,
                sites,
                new PredictedLoss(OptionalDouble.of(loss / scaling.total()), loss),
                () -> scaling.undone(
                        lattice(bases(scaling, algebra), bond, algebra).networks(cell.names(), cell.sharedName())));
    }

    /** Both bonds, with which the lattice has about {@code share} of the dense parameters. */
    private static int bond(int m, int n, int c, double share) {
        int full = Math.min(m, n);
        double low = 0;
        double high = 1;
        for (int i = 0; i < 40; i++) {
            double t = (low + high) / 2;
            if (t * full * (m + n) + c * t * t * full * full > share * c * m * n) {
                high = t;
            } else {
                low = t;
            }
        }
        return BondGrid.nearest(low * full, full);
    }

    private static LayerLattice.Bases bases(LossScaling scaling, LinearAlgebra algebra) {
        return LayerLattice.Bases.of(
                scaling.weights(),
                scaling.cell().members().stream().map(Operator::metric).toList(),
                algebra);
    }

    private static LayerLattice lattice(LayerLattice.Bases bases, int bond, LinearAlgebra algebra) {
        LayerLattice lattice = new LayerLattice(bases, bond, bond, algebra);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }
}
