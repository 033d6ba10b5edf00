package io.karipap.ansatz;

import static io.karipap.ansatz.Cases.ALGEBRA;
import static io.karipap.ansatz.Cases.assertExact;
import static io.karipap.ansatz.Cases.assertNotRising;
import static io.karipap.ansatz.Cases.measured;
import static io.karipap.ansatz.Cases.random;

import io.karipap.ansatz.Cases.Case;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tied cells: exact at full bonds, better with larger ones. */
class TiedAnsatzTest {
    @Test
    void tiedCell() {
        List<String> names = List.of("q", "k", "v");
        List<List<Matrix>> groups = List.of(
                List.of(
                        random(20, 36, 4).w(),
                        random(8, 36, 5).w(),
                        random(8, 36, 6).w()),
                List.of(
                        random(50, 36, 4).w(),
                        random(8, 36, 5).w(),
                        random(8, 36, 6).w()),
                List.of(
                        measured("model.layers.3.self_attn.q_proj.weight").weights(),
                        measured("model.layers.3.self_attn.k_proj.weight").weights(),
                        measured("model.layers.3.self_attn.v_proj.weight").weights()));
        List<Metric> metrics = List.of(
                random(1, 36, 7).metric(),
                random(1, 36, 7).metric(),
                measured("model.layers.3.self_attn.q_proj.weight").metric());
        for (int i = 0; i < groups.size(); i++) {
            List<Matrix> weights = groups.get(i);
            Metric metric = metrics.get(i);
            TiedCell cell = TiedCell.of(names, weights, metric, ALGEBRA);
            List<Double> errors = new ArrayList<>();
            for (int s = 4; s <= cell.fullRank(); s += Math.max(1, cell.fullRank() / 6)) {
                errors.add(error(cell.networks("b", s, new int[3]), weights, metric));
            }
            errors.add(error(cell.networks("b", cell.fullRank(), new int[3]), weights, metric));
            assertNotRising(errors, "tied by shared bond");
            List<OperatorNetwork> full = cell.networks("b", cell.fullRank(), new int[3]);
            int[] ranks = weights.stream()
                    .mapToInt(w -> Math.min(w.rows(), cell.fullRank()))
                    .toArray();
            List<OperatorNetwork> three = cell.networks("b", cell.fullRank(), ranks);
            for (int g = 0; g < 3; g++) {
                assertExact(new Case("tied " + g, weights.get(g), metric), full.get(g));
                assertExact(new Case("tied with second bond " + g, weights.get(g), metric), three.get(g));
            }
            errors.clear();
            for (int r = 1; r <= 8; r++) {
                errors.add(error(cell.networks("b", cell.fullRank(), new int[] {r, r, r}), weights, metric));
            }
            assertNotRising(errors, "tied by own bond");
        }
    }

    private static double error(List<OperatorNetwork> networks, List<Matrix> weights, Metric metric) {
        double lost = 0;
        double energy = 0;
        for (int g = 0; g < networks.size(); g++) {
            lost += metric.energy(weights.get(g).minus(networks.get(g).dense(ALGEBRA)), ALGEBRA);
            energy += metric.energy(weights.get(g), ALGEBRA);
        }
        return lost / energy;
    }
}
