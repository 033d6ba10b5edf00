package io.karipap.ansatz;

import static io.karipap.ansatz.Cases.ALGEBRA;
import static io.karipap.ansatz.Cases.assertContracts;
import static io.karipap.ansatz.Cases.assertExact;
import static io.karipap.ansatz.Cases.assertNotRising;
import static io.karipap.ansatz.Cases.cases;
import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.ansatz.Cases.Case;
import io.karipap.operator.LowRank;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Block lattices: exact at full bond, better with every sweep and with larger bonds, contracted as their dense matrix. */
class BlockAnsatzTest {
    @Test
    void blockLattice() {
        for (Case c : cases()) {
            LowRank start = LowRank.of(c.w(), c.metric(), ALGEBRA);
            assertExact(
                    c,
                    BlockLattice.of(c.w(), c.metric(), start, 4, start.fullRank(), ALGEBRA)
                            .network("w"));
            List<Double> byBond = new ArrayList<>();
            for (int rank = 4; rank <= start.fullRank() / 2; rank *= 2) {
                BlockLattice lattice = BlockLattice.of(c.w(), c.metric(), start, 4, rank, ALGEBRA);
                List<Double> errors = new ArrayList<>(List.of(lattice.error()));
                assertThat(errors.getFirst()).isCloseTo(start.errors()[rank], Offset.offset(1e-7));
                for (int sweep = 0; sweep < 4; sweep++) {
                    lattice.sweep();
                    errors.add(lattice.error());
                }
                assertNotRising(errors, "block lattice by sweep at bond " + rank);
                assertThat(c.metric().error(c.w(), lattice.network("w").dense(ALGEBRA), ALGEBRA))
                        .isCloseTo(errors.getLast(), Offset.offset(1e-9));
                byBond.add(errors.getLast());
            }
            assertNotRising(byBond, "block lattice by bond");
            assertContracts(
                    BlockLattice.of(c.w(), c.metric(), start, 4, 7, ALGEBRA).network("w"));
        }
    }
}
