package io.karipap.ansatz;

import static io.karipap.ansatz.Cases.ALGEBRA;
import static io.karipap.ansatz.Cases.assertContracts;
import static io.karipap.ansatz.Cases.assertExact;
import static io.karipap.ansatz.Cases.assertNotRising;
import static io.karipap.ansatz.Cases.cases;
import static io.karipap.ansatz.Cases.real;
import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.ansatz.Cases.Case;
import io.karipap.ansatz.PepsOperator.Lattice;
import io.karipap.linalg.Matrix;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lattices: exact along a snake with full bonds, better with every sweep; bonds cut in their environments, lattices made coarser. */
class PepsAnsatzTest {
    @Test
    void peps() {
        for (Case c : cases()) {
            for (Lattice lattice : List.of(new Lattice(2, 2), new Lattice(3, 2), new Lattice(3, 3))) {
                int[] out = Digits.of(c.w().rows(), lattice.sites());
                int[] in = Digits.of(c.w().columns(), lattice.sites());
                assertExact(
                        c,
                        PepsOperator.snake(
                                new Original("w", c.w(), c.metric()), lattice, out, in, Integer.MAX_VALUE, ALGEBRA));
                AlternatingLeastSquares squares = new AlternatingLeastSquares(c.w(), c.metric(), ALGEBRA);
                OperatorNetwork network =
                        PepsOperator.snake(new Original("w", c.w(), c.metric()), lattice, out, in, 2, ALGEBRA);
                List<Double> errors = new ArrayList<>(List.of(squares.error(network)));
                network = Bonds.widened(network, 2, 0.1, new Random(1));
                network = squares.optimise(network, 2, 0, errors);
                if (lattice.sites() == 4) {
                    network = Bonds.widened(network, 3, 0.1, new Random(2));
                    network = squares.optimise(network, 2, 0, errors);
                }
                assertNotRising(errors, "lattice " + lattice);
                assertContracts(network);
            }
        }
    }

    @Test
    void truncationInTheEnvironment() {
        Case c = real("model.layers.3.self_attn.o_proj.weight");
        Lattice lattice = new Lattice(2, 2);
        int[] out = Digits.of(c.w().rows(), 4);
        int[] in = Digits.of(c.w().columns(), 4);
        OperatorNetwork snake = PepsOperator.snake(new Original("w", c.w(), c.metric()), lattice, out, in, 6, ALGEBRA);
        OperatorNetwork network = Bonds.widened(snake, 6, 0.1, new Random(1));
        network = new AlternatingLeastSquares(c.w(), c.metric(), ALGEBRA).optimise(network, 2, 0, new ArrayList<>());
        LatticeRenormalization same = new LatticeRenormalization(network, lattice, c.metric(), 64, ALGEBRA);
        assertThat(same.truncated(network, 6)).isEqualTo(network);
        List<Double> errors = new ArrayList<>();
        for (int bond = 5; bond >= 2; bond--) {
            LatticeRenormalization renormalization =
                    new LatticeRenormalization(network, lattice, c.metric(), 64, ALGEBRA);
            OperatorNetwork cut = renormalization.truncated(network, bond);
            assertThat(renormalization.discardedWeights()).hasSize(4).allMatch(weight -> weight >= 0 && weight < 1);
            errors.addFirst(c.metric().error(c.w(), cut.dense(ALGEBRA), ALGEBRA));
            assertContracts(cut);
        }
        assertNotRising(errors, "truncated bonds");
        LatticeRenormalization.Coarse coarse = LatticeRenormalization.coarse(network, lattice, ALGEBRA);
        LatticeRenormalization.Coarse one =
                LatticeRenormalization.coarseDown(coarse.network(), coarse.lattice(), ALGEBRA);
        assertThat(one.network().network().sites()).hasSize(1);
        Matrix dense = network.dense(ALGEBRA);
        Matrix again = one.network().dense(ALGEBRA);
        assertThat(again.minus(dense).dot(again.minus(dense))).isLessThan(1e-18 * dense.dot(dense));
    }
}
