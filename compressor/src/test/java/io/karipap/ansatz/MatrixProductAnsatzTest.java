package io.karipap.ansatz;

import static io.karipap.ansatz.Cases.ALGEBRA;
import static io.karipap.ansatz.Cases.assertContracts;
import static io.karipap.ansatz.Cases.assertExact;
import static io.karipap.ansatz.Cases.assertNotRising;
import static io.karipap.ansatz.Cases.cases;
import static io.karipap.ansatz.Cases.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.ansatz.Cases.Case;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chains: exact at full bonds, better with every sweep and with larger bonds, from a random start too. */
class MatrixProductAnsatzTest {
    @Test
    void matrixProduct() {
        for (Case c : cases()) {
            for (int length : new int[] {2, 3}) {
                int[] out = Digits.of(c.w().rows(), length);
                int[] in = Digits.of(c.w().columns(), length);
                assertExact(
                        c, MatrixProduct.of(new Original("w", c.w(), c.metric()), out, in, Integer.MAX_VALUE, ALGEBRA));
                AlternatingLeastSquares squares = new AlternatingLeastSquares(c.w(), c.metric(), ALGEBRA);
                List<Double> byBond = new ArrayList<>();
                OperatorNetwork network = MatrixProduct.of(new Original("w", c.w(), c.metric()), out, in, 2, ALGEBRA);
                for (int bond = 2; bond <= 8; bond += 2) {
                    network = Bonds.widened(network, bond, 0.1, new Random(bond));
                    List<Double> errors = new ArrayList<>(List.of(squares.error(network)));
                    network = squares.optimise(network, 3, 0, errors);
                    assertNotRising(errors, "chain by sweep at bond " + bond);
                    byBond.add(errors.getLast());
                }
                assertNotRising(byBond, "chain by bond");
                assertContracts(network);
            }
        }
    }

    @Test
    void aRandomStartIsOptimisedTo() {
        Case c = random(24, 36, 21);
        int[] out = Digits.of(24, 2);
        int[] in = Digits.of(36, 2);
        AlternatingLeastSquares squares = new AlternatingLeastSquares(c.w(), c.metric(), ALGEBRA);
        OperatorNetwork direct = MatrixProduct.of(new Original("w", c.w(), c.metric()), out, in, 6, ALGEBRA);
        OperatorNetwork start = OperatorNetwork.random(direct.network(), 1, new Random(5));
        List<Double> errors = new ArrayList<>(List.of(squares.error(start)));
        squares.optimise(start, 30, 0, errors);
        assertNotRising(errors, "chain from a random start");
        List<Double> fromDirect = new ArrayList<>();
        squares.optimise(direct, 30, 0, fromDirect);
        assertThat(errors.getLast()).isLessThan(1.2 * fromDirect.getLast());
    }

    @Test
    void aTensorAtTwoSitesIsRefused() {
        TensorNetwork tied = new TensorNetwork(
                "w",
                List.of(
                        new Index("o0", 2, Leg.OUT),
                        new Index("o1", 2, Leg.OUT),
                        new Index("i0", 3, Leg.IN),
                        new Index("i1", 3, Leg.IN),
                        new Index("b", 2, Leg.BOND)),
                List.of(new Site("t", List.of("o0", "i0", "b")), new Site("t", List.of("o1", "i1", "b"))));
        OperatorNetwork network = OperatorNetwork.random(tied, 1, new Random(1));
        AlternatingLeastSquares squares = new AlternatingLeastSquares(network.dense(ALGEBRA), Metric.flat(9), ALGEBRA);
        assertThatThrownBy(() -> squares.optimise(network, 1, 0, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tied");
    }
}
