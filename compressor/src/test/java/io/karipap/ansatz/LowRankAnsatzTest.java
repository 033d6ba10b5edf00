package io.karipap.ansatz;

import static io.karipap.ansatz.Cases.ALGEBRA;
import static io.karipap.ansatz.Cases.assertExact;
import static io.karipap.ansatz.Cases.assertNotRising;
import static io.karipap.ansatz.Cases.cases;
import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.ansatz.Cases.Case;
import io.karipap.linalg.Matrix;
import io.karipap.operator.LowRank;
import io.karipap.operator.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Low rank: exact at full rank, its error what it says, better with larger bonds. */
class LowRankAnsatzTest {
    @Test
    void lowRank() {
        for (Case c : cases()) {
            LowRank lowRank = LowRank.of(c.w(), c.metric(), ALGEBRA);
            assertExact(c, lowRank.network("w", lowRank.fullRank()));
            List<Double> errors = new ArrayList<>();
            for (int rank = 1; rank <= lowRank.fullRank(); rank += 5) {
                double error =
                        c.metric().error(c.w(), lowRank.network("w", rank).dense(ALGEBRA), ALGEBRA);
                assertThat(error).isCloseTo(lowRank.errors()[rank], Offset.offset(1e-7));
                errors.add(error);
            }
            assertNotRising(errors, c.name());
        }
    }

    @Test
    void fewerTokensThanFeatures() {
        Matrix x = Matrix.gaussian(24, 3, new Random(9));
        Matrix c = ALGEBRA.multiply(x, false, x, true);
        c.addToDiagonal(-1e-4 * c.trace() / 24); // as rounding may leave it
        Case few = new Case("three tokens", Matrix.gaussian(36, 24, new Random(10)), Metric.of(c));
        assertExact(few, LowRank.of(few.w(), few.metric(), ALGEBRA).network("w", 24));
    }
}
