package io.karipap.ansatz;

import static io.karipap.ansatz.Cases.ALGEBRA;
import static io.karipap.ansatz.Cases.assertExact;
import static io.karipap.ansatz.Cases.assertNotRising;
import static io.karipap.ansatz.Cases.random;
import static io.karipap.ansatz.Cases.real;

import io.karipap.ansatz.Cases.Case;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layer lattices: exact at full bonds, better with every sweep and with larger bonds. */
class LayerAnsatzTest {
    @Test
    void layerLattice() {
        List<List<Case>> groups = List.of(
                List.of(random(24, 36, 8), random(24, 36, 9)),
                List.of(
                        real("model.layers.4.self_attn.k_proj.weight"),
                        real("model.layers.5.self_attn.k_proj.weight")));
        for (List<Case> group : groups) {
            List<Matrix> weights = group.stream().map(Case::w).toList();
            List<Metric> metrics = group.stream().map(Case::metric).toList();
            int m = weights.getFirst().rows();
            int n = weights.getFirst().columns();
            LayerLattice.Bases bases = LayerLattice.Bases.of(weights, metrics, ALGEBRA);
            List<OperatorNetwork> full = new LayerLattice(bases, m, n, ALGEBRA).networks(List.of("a", "b"), "shared");
            for (int g = 0; g < 2; g++) {
                assertExact(group.get(g), full.get(g));
            }
            List<Double> byBond = new ArrayList<>();
            for (int bond = m / 4; bond <= m; bond += m / 4) {
                LayerLattice lattice = new LayerLattice(bases, bond, bond, ALGEBRA);
                List<Double> errors = new ArrayList<>(List.of(lattice.error()));
                for (int sweep = 0; sweep < 4; sweep++) {
                    lattice.sweep();
                    errors.add(lattice.error());
                }
                assertNotRising(errors, "layer lattice by sweep at bond " + bond);
                byBond.add(errors.getLast());
            }
            assertNotRising(byBond, "layer lattice by bond");
        }
    }
}
