package io.karipap.bench;

import io.karipap.ansatz.AlternatingLeastSquares;
import io.karipap.ansatz.Bonds;
import io.karipap.ansatz.Digits;
import io.karipap.ansatz.LatticeRenormalization;
import io.karipap.ansatz.LatticeRenormalization.Coarse;
import io.karipap.ansatz.MatrixProduct;
import io.karipap.ansatz.Original;
import io.karipap.ansatz.PepsOperator;
import io.karipap.ansatz.PepsOperator.Lattice;
import io.karipap.environment.MeasuredOperator;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What renormalization does for an operator on a 4×4 lattice: bonds made smaller in three ways, and the lattice made coarser. */
public final class LatticeStudy {
    private static final Lattice FINE = new Lattice(4, 4);

    private final LinearAlgebra algebra;
    private final int bond;

    /**
     * @param bond bond dimension of the fine lattice
     */
    public LatticeStudy(LinearAlgebra algebra, int bond) {
        this.algebra = algebra;
        this.bond = bond;
    }

    /**
     * One way at one bond dimension.
     *
     * @param error in the C metric, relative
     * @param seconds taken by this step
     */
    public record Outcome(double error, double seconds) {}

    /** Out-digits on the even sites of the snake, in-digits on the odd ones, as equal as the prime factors allow. */
    private static int[] spread(int dimension, int parity) {
        int[] digits = new int[FINE.sites()];
        Arrays.fill(digits, 1);
        int[] own = Digits.balanced(dimension, digits.length / 2);
        for (int i = 0; i < own.length; i++) {
            digits[2 * i + parity] = own[i];
        }
        return digits;
    }

    /** All outcomes for one operator, by label. */
    public Map<String, Outcome> study(MeasuredOperator operator) {
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        AlternatingLeastSquares squares = new AlternatingLeastSquares(w, metric, algebra);
        long start = System.nanoTime();
        OperatorNetwork fine = PepsOperator.snake(
                new Original(operator.name(), w, metric),
                FINE,
                spread(w.rows(), 0),
                spread(w.columns(), 1),
                bond,
                algebra);
        fine = Bonds.widened(fine, bond, 0.1, new Random(1));
        fine = squares.optimise(fine, 2, 1e-3, new ArrayList<>());
        outcomes.put("fine, D = " + bond, outcome(squares, fine, start));
        OperatorNetwork optimised = fine;
        for (int size = bond - 1; size >= 2; size--) {
            start = System.nanoTime();
            OperatorNetwork local = renormalization(fine, FINE, metric).truncatedLocally(fine, size);
            outcomes.put("D = " + size + ", local SVD", outcome(squares, local, start));
            start = System.nanoTime();
            OperatorNetwork environment = renormalization(fine, FINE, metric).truncated(fine, size);
            outcomes.put("D = " + size + ", TRG environment", outcome(squares, environment, start));
            start = System.nanoTime();
            optimised = renormalization(optimised, FINE, metric).truncated(optimised, size);
            optimised = squares.optimise(optimised, 1, 0, new ArrayList<>());
            outcomes.put("D = " + size + ", TRG environment + ALS", outcome(squares, optimised, start));
        }
        coarse(operator, fine, squares, outcomes);
        return outcomes;
    }

    private LatticeRenormalization renormalization(OperatorNetwork network, Lattice lattice, Metric metric) {
        return new LatticeRenormalization(network, lattice, metric, 64, algebra);
    }

    /** 4×4 → 2×4 → 2×2 → 1×2 with truncations in between, against the chain of the same two sites made at once. */
    private void coarse(
            MeasuredOperator operator,
            OperatorNetwork fine,
            AlternatingLeastSquares squares,
            Map<String, Outcome> outcomes) {
        Metric metric = operator.metric();
        long start = System.nanoTime();
        int kept = bond * bond;
        Coarse wide = LatticeRenormalization.coarse(fine, FINE, algebra);
        OperatorNetwork cut =
                renormalization(wide.network(), wide.lattice(), metric).truncated(wide.network(), bond + 2);
        Coarse square = LatticeRenormalization.coarseDown(cut, wide.lattice(), algebra);
        cut = renormalization(square.network(), square.lattice(), metric).truncated(square.network(), kept);
        Coarse two = LatticeRenormalization.coarse(cut, square.lattice(), algebra);
        cut = renormalization(two.network(), two.lattice(), metric).truncated(two.network(), kept);
        outcomes.put("fine → two sites, bond " + kept, outcome(squares, cut, start));
        start = System.nanoTime();
        int half = FINE.sites() / 2;
        int[] out = spread(operator.weights().rows(), 0);
        int[] in = spread(operator.weights().columns(), 1);
        OperatorNetwork direct = MatrixProduct.of(
                new Original(operator.name(), operator.weights(), metric),
                new int[] {product(out, 0, half), product(out, half, out.length)},
                new int[] {product(in, 0, half), product(in, half, in.length)},
                kept,
                algebra);
        outcomes.put("two sites at once, bond " + kept, outcome(squares, direct, start));
    }

    private static int product(int[] digits, int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product *= digits[i];
        }
        return product;
    }

    private static Outcome outcome(AlternatingLeastSquares squares, OperatorNetwork network, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Outcome(squares.error(network), seconds);
    }
}
