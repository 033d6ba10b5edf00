package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Cell;
import io.karipap.operator.Metric;
import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A 2×2 lattice whose bonds TRG lowers step by step. */
public record PepsAnsatz() implements Ansatz, BondDescent {
    private static final PepsOperator.Lattice LATTICE = new PepsOperator.Lattice(2, 2);
    private static final int SWEEPS = 3;
    private static final int STEPS = 2;

    /** Larger sites take seconds each to solve for: they are swept over once, without steps before. */
    private static final int LARGE_BOND = 10;

    @Override
    public String label() {
        return "peps";
    }

    @Override
    public String description() {
        return "a 2×2 lattice whose bonds TRG lowers step by step";
    }

    @Override
    public Scope scope() {
        return Scope.OPERATOR;
    }

    @Override
    public boolean automatic() {
        return false;
    }

    /** Every bond that saves something, and the matrix as it is. Nothing is known of errors before sites are built: bonds are spread evenly. */
    @Override
    public List<Form> forms(Cell cell, Factors factors) {
        Operator operator = cell.first();
        List<Form> forms = new ArrayList<>();
        for (int bond = 1; ; bond++) {
            Form form = form(operator, bond > LARGE_BOND ? bond : bond + STEPS, bond, factors);
            if (form.parameters() >= operator.parameters()) {
                break;
            }
            forms.add(form);
        }
        forms.add(new Form.Dense(operator));
        return forms;
    }

    @Override
    public int firstBond() {
        return 6;
    }

    @Override
    public String describe(int bond) {
        return "a 2×2 lattice of bond " + bond;
    }

    @Override
    public Form at(Operator operator, int bond, Factors factors) {
        return form(operator, firstBond(), bond, factors);
    }

    /** @param start bond dimension to begin with, from which {@code bond} is reached by steps of one */
    private static Form form(Operator operator, int start, int bond, Factors factors) {
        int[] out = Digits.of(operator.rows(), LATTICE.sites());
        int[] in = Digits.of(operator.columns(), LATTICE.sites());
        List<StoredMatrix> sites = new ArrayList<>();
        for (int site = 0; site < LATTICE.sites(); site++) {
            sites.add(new StoredMatrix(operator, (long) out[site] * bond * bond, in[site]));
        }
        long parameters = sites.stream().mapToLong(StoredMatrix::elements).sum();
        double guess = Math.pow(1 - (double) parameters / operator.parameters(), 2);
        return new Form.Networks(
                List.of(operator),
                "peps 2×2 " + bond,
                sites,
                PredictedLoss.guess(guess, operator),
                () -> List.of(lattice(operator, out, in, start, bond, factors)));
    }

    /** Begins with larger bonds and lowers them by one and one in their environments, optimising in between; every step is kept. */
    private static OperatorNetwork lattice(
            Operator operator, int[] out, int[] in, int start, int bond, Factors factors) {
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        AlternatingLeastSquares squares = new AlternatingLeastSquares(w, metric, factors.algebra());
        OperatorNetwork current = null;
        for (int size = start; size >= bond; size--) {
            int target = size;
            OperatorNetwork cut = current != null
                    ? new LatticeRenormalization(current, LATTICE, metric, 4 * size * size, factors.algebra())
                            .truncated(current, size)
                    : PepsOperator.snake(
                            new Original(operator.name(), w, metric), LATTICE, out, in, size, factors.algebra());
            OperatorNetwork shape = Bonds.widened(cut, size, 0.1, new Random(size));
            current = shape.withFlat(factors.files().get(operator.fileName("peps-" + start + "-at-" + size), () -> {
                if (!AlternatingLeastSquares.solvable(shape)) {
                    return shape.flat(); // stays as it was cut
                }
                int sweeps = target > LARGE_BOND ? 1 : SWEEPS;
                return squares.optimise(shape, sweeps, 1e-3, new ArrayList<>()).flat();
            }));
        }
        return current;
    }
}
