package io.karipap.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karipap.format.Tensor;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.kernels.vector.VectorKernels;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MergingPlannerTest {
    /** 2×2 sites with digits of {@code digit}: out 0…3, in 0…3, bonds north, south, west, east. */
    private static TensorNetwork lattice(int digit, int bond) {
        return new TensorNetwork(
                "w",
                List.of(
                        new Index("o0", digit, Leg.OUT),
                        new Index("o1", digit, Leg.OUT),
                        new Index("o2", digit, Leg.OUT),
                        new Index("o3", digit, Leg.OUT),
                        new Index("i0", digit, Leg.IN),
                        new Index("i1", digit, Leg.IN),
                        new Index("i2", digit, Leg.IN),
                        new Index("i3", digit, Leg.IN),
                        new Index("n", bond, Leg.BOND),
                        new Index("s", bond, Leg.BOND),
                        new Index("w", bond, Leg.BOND),
                        new Index("e", bond, Leg.BOND)),
                List.of(
                        new Site("a", List.of("o0", "n", "w", "i0")),
                        new Site("b", List.of("o1", "n", "e", "i1")),
                        new Site("c", List.of("o2", "s", "w", "i2")),
                        new Site("d", List.of("o3", "s", "e", "i3"))));
    }

    @Test
    void twoSitesInOneWhereManySmallProductsWouldBeSlow() {
        TensorNetwork network = lattice(8, 4);
        ContractionPlan plan = MergingPlanner.plan(network);
        assertEquals(2, plan.steps().size());
        assertEquals(2, plan.products().size());
        assertEquals(2 * 64 * 64 * 16, plan.network().parameterCount());
    }

    @Test
    void neverNearlyADenseMatrix() {
        assertTrue(MergingPlanner.plan(TensorNetwork.lowRank("w", 512, 512, 4))
                .products()
                .isEmpty());
        ContractionPlan plan = MergingPlanner.plan(lattice(4, 4)); // two merged sites were an eighth
        assertEquals(4, plan.steps().size());
        assertTrue(MergingPlanner.plan(lattice(8, 16)).products().isEmpty());
    }

    @Test
    void theSameOperatorAndTheSameBitsForAnyNumberOfRows() {
        TensorNetwork network = lattice(6, 2);
        ContractionPlan merged = MergingPlanner.plan(network);
        assertEquals(2, merged.steps().size());
        SplittableRandom random = new SplittableRandom(7);
        Map<String, Tensor> tensors = new HashMap<>();
        for (Site site : network.sites()) {
            float[] data = new float[6 * 6 * 2 * 2];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian();
            }
            tensors.put(
                    site.tensor(),
                    new Tensor(site.tensor(), WeightType.F32, network.shape(site), MemorySegment.ofArray(data)));
        }
        int rows = 7;
        Rows x = Rows.allocate(rows, 1296);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
        float[] expected = apply(ContractionPlanner.plan(network), tensors, x, rows);
        float[] actual = apply(merged, tensors, x, rows);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-3f); // sums of some 5000 products of size 1
        }
        float[] first = apply(merged, tensors, x, 1);
        assertArrayEquals(first, java.util.Arrays.copyOf(actual, first.length));
    }

    private static float[] apply(ContractionPlan plan, Map<String, Tensor> tensors, Rows x, int rows) {
        Rows y = Rows.allocate(rows, plan.network().out());
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(2)) {
            Contraction contraction = Contraction.compile(plan, tensors::get, new PackedSites(null, memory, team));
            contraction.apply(x, y, rows, new VectorKernels(), team, new Scratch());
        }
        return y.data();
    }
}
