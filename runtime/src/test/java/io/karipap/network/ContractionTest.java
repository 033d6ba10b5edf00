package io.karipap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.Tensor;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planned contraction against the einsum written out. */
class ContractionTest {
    private static Index out(String name, int size) {
        return new Index(name, size, Leg.OUT);
    }

    private static Index in(String name, int size) {
        return new Index(name, size, Leg.IN);
    }

    private static Index bond(String name, int size) {
        return new Index(name, size, Leg.BOND);
    }

    private static Site site(String tensor, String... indices) {
        return new Site(tensor, List.of(indices));
    }

    /** 3 × 4 blocks of p × q. */
    private static TensorNetwork blockLattice(int p, int q, int bond) {
        return new TensorNetwork(
                "block lattice",
                List.of(out("a", 3), out("p", p), in("b", 4), in("q", q), bond("r", bond)),
                List.of(site("left", "a", "p", "r"), site("core", "a", "b", "r"), site("right", "b", "q", "r")));
    }

    private static float[] gaussian(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static Stream<TensorNetwork> networks() {
        return Stream.of(
                TensorNetwork.dense("dense", 37, 29),
                TensorNetwork.lowRank("low-rank", 70, 33, 5),
                new TensorNetwork(
                        "transposed",
                        List.of(out("o", 20), in("i", 18), bond("r", 7)),
                        List.of(site("a", "r", "o"), site("b", "i", "r"))),
                blockLattice(5, 6, 9),
                new TensorNetwork(
                        "MPO",
                        List.of(
                                out("o1", 3),
                                out("o2", 4),
                                out("o3", 2),
                                in("i1", 2),
                                in("i2", 5),
                                in("i3", 3),
                                bond("x", 4),
                                bond("y", 3)),
                        List.of(
                                site("a", "o1", "i1", "x"),
                                site("b", "o2", "i2", "x", "y"),
                                site("c", "o3", "i3", "y"))),
                new TensorNetwork(
                        "PEPS 2×2",
                        List.of(
                                out("o1", 2),
                                out("o2", 3),
                                out("o3", 2),
                                out("o4", 2),
                                in("i1", 3),
                                in("i2", 2),
                                in("i3", 2),
                                in("i4", 2),
                                bond("n", 2),
                                bond("e", 3),
                                bond("s", 2),
                                bond("w", 2)),
                        List.of(
                                site("a", "o1", "i1", "n", "w"),
                                site("b", "o2", "i2", "n", "e"),
                                site("c", "o3", "i3", "w", "s"),
                                site("d", "o4", "i4", "e", "s"))));
    }

    /** Operators that share the site that reads x: packed once, and computed once for the same x. */
    @Test
    void whatTiedOperatorsShareIsComputedOnce() {
        TensorNetwork query = tied("q", 12);
        TensorNetwork key = tied("k", 6);
        Map<String, Tensor> tensors = randomTensors(query);
        tensors.put("k.out", randomTensors(key).get("k.out"));
        List<PackedMatrix> multiplied = new ArrayList<>();
        Kernels counting = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    multiplied.add((PackedMatrix) arguments[0]);
                    return method.invoke(new ScalarKernels(), arguments);
                });
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(1)) {
            PackedSites sites = new PackedSites(null, memory, team);
            Contraction q = Contraction.compile(ContractionPlanner.plan(query), tensors::get, sites);
            long before = memory.totalBytes();
            Contraction k = Contraction.compile(ContractionPlanner.plan(key), tensors::get, sites);
            assertThat(memory.totalBytes() - before).isEqualTo(PackedMatrix.bytes(WeightType.F32, 6, 3));
            Rows x = Rows.allocate(2, 20);
            Arrays.fill(x.data(), 0.5f);
            Scratch scratch = new Scratch();
            Rows[] alone = {Rows.allocate(2, 12), Rows.allocate(2, 6)};
            q.apply(x, alone[0], 2, counting, team, scratch);
            k.apply(x, alone[1], 2, counting, team, scratch);
            assertThat(multiplied).hasSize(4);
            multiplied.clear();
            Rows[] together = {Rows.allocate(2, 12), Rows.allocate(2, 6)};
            new ContractionGroup(List.of(q, k)).apply(x, together, 2, counting, team, scratch);
            assertThat(multiplied).hasSize(3);
            assertThat(together[0].data()).isEqualTo(alone[0].data());
            assertThat(together[1].data()).isEqualTo(alone[1].data());
        }
    }

    /** Networks of one, two, three and four sites with the same input, side by side and one by one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void operatorsSideBySideGiveWhatEachGivesAlone(int threads) {
        List<TensorNetwork> networks = List.of(
                TensorNetwork.dense("dense", 200, 96),
                TensorNetwork.lowRank("low-rank", 330, 96, 70),
                blockLattice(35, 24, 90),
                new TensorNetwork(
                        "MPO",
                        List.of(out("o1", 12), out("o2", 9), in("i1", 16), in("i2", 6), bond("x", 20)),
                        List.of(site("one", "o1", "i1", "x"), site("two", "o2", "i2", "x"))));
        SplittableRandom random = new SplittableRandom(5);
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(threads)) {
            List<Contraction> contractions = new ArrayList<>();
            for (TensorNetwork network : networks) {
                contractions.add(Contraction.compile(
                        ContractionPlanner.plan(network),
                        randomTensors(network)::get,
                        new PackedSites(null, memory, team)));
            }
            Scratch scratch = new Scratch();
            for (int rows : new int[] {1, 5, 40, 100}) {
                float[] x = gaussian(random, rows * 96);
                Rows[] together = new Rows[networks.size()];
                for (int i = 0; i < together.length; i++) {
                    together[i] = Rows.allocate(rows, networks.get(i).out());
                }
                new ContractionGroup(contractions)
                        .apply(new Rows(x, 0, 96), together, rows, new VectorKernels(), team, scratch);
                for (int i = 0; i < together.length; i++) {
                    assertThat(together[i].data())
                            .as("%s of %d rows", networks.get(i).operator(), rows)
                            .containsExactly(apply(contractions.get(i), x, rows, new ScalarKernels(), team));
                }
            }
        }
    }

    private static TensorNetwork tied(String name, int out) {
        return new TensorNetwork(
                name,
                List.of(out("o", out), in("i", 20), bond("r", 3)),
                List.of(site(name + ".out", "o", "r"), site("shared", "r", "i")));
    }

    private static Map<String, Tensor> randomTensors(TensorNetwork network) {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, Tensor> tensors = new HashMap<>();
        for (Site site : network.sites()) {
            long count = network.parameters().get(site.tensor());
            MemorySegment data = Arena.ofAuto().allocate(count * 4);
            for (long i = 0; i < count; i++) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
            tensors.put(site.tensor(), new Tensor(site.tensor(), WeightType.F32, network.shape(site), data));
        }
        return tensors;
    }

    /** The dense matrix [out, in], by running over all values of all indices. */
    private static double[][] einsum(TensorNetwork network, Map<String, Tensor> tensors) {
        double[][] w = new double[network.out()][network.in()];
        int[] value = new int[network.indices().size()];
        while (true) {
            double product = 1;
            for (Site site : network.sites()) {
                int at = 0;
                for (String name : site.indices()) {
                    Index index = network.index(name);
                    at = at * index.size() + value[network.indices().indexOf(index)];
                }
                product *= tensors.get(site.tensor()).get(at);
            }
            int row = 0;
            int column = 0;
            for (int i = 0; i < value.length; i++) {
                Index index = network.indices().get(i);
                row = index.leg() == Leg.OUT ? row * index.size() + value[i] : row;
                column = index.leg() == Leg.IN ? column * index.size() + value[i] : column;
            }
            w[row][column] += product;
            int i = value.length - 1;
            while (i >= 0 && ++value[i] == network.indices().get(i).size()) {
                value[i--] = 0;
            }
            if (i < 0) {
                return w;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void contractingEqualsTheEinsum(TensorNetwork network) {
        Map<String, Tensor> tensors = randomTensors(network);
        double[][] w = einsum(network, tensors);
        int rows = 9;
        float[] x = gaussian(new SplittableRandom(4), rows * network.in());
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(2)) {
            Contraction contraction = Contraction.compile(
                    ContractionPlanner.plan(network), tensors::get, new PackedSites(null, memory, team));
            float[] batch = apply(contraction, x, rows, new VectorKernels(), team);
            for (int m = 0; m < rows; m++) {
                for (int o = 0; o < network.out(); o++) {
                    double exact = 0;
                    double size = 0;
                    for (int i = 0; i < network.in(); i++) {
                        exact += w[o][i] * x[m * network.in() + i];
                        size += Math.abs(w[o][i] * x[m * network.in() + i]);
                    }
                    assertThat((double) batch[m * network.out() + o])
                            .isCloseTo(exact, Offset.offset(size * 2e-6 + 1e-5));
                }
                float[] row = Arrays.copyOfRange(x, m * network.in(), (m + 1) * network.in());
                float[] alone = apply(contraction, row, 1, new ScalarKernels(), team);
                assertThat(Arrays.copyOfRange(batch, m * network.out(), (m + 1) * network.out()))
                        .as("row %d alone and in a batch", m)
                        .containsExactly(alone);
            }
        }
    }

    private static float[] apply(Contraction contraction, float[] x, int rows, Kernels kernels, WorkerTeam team) {
        TensorNetwork network = contraction.plan().network();
        Rows y = Rows.allocate(rows, network.out());
        contraction.apply(new Rows(x, 0, network.in()), y, rows, kernels, team, new Scratch());
        return y.data();
    }

    @Test
    void theCheapestOrderIsFound() {
        // the narrow input is absorbed first: 8·100 + 100·2·… never the wide product of both
        ContractionPlan plan = ContractionPlanner.plan(TensorNetwork.lowRank("x", 1000, 500, 3));
        assertThat(plan.steps().getFirst().site()).isEqualTo(1);
        assertThat(plan.fma()).isEqualTo(3 * 500 + 3 * 1000);
        assertThat(plan.largestActivation()).isEqualTo(1000);
    }

    @Test
    void networksThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new TensorNetwork("x", List.of(out("o", 2)), List.of(site("a", "o", "i"))))
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> new TensorNetwork(
                        "x", List.of(out("o", 2), in("i", 2), bond("r", 2)), List.of(site("a", "o", "i", "r"))))
                .hasMessageContaining("\"r\"");
        assertThatThrownBy(() -> new TensorNetwork("x", List.of(out("o", 2), in("i", 2)), List.of(site("a", "o"))))
                .hasMessageContaining("\"i\"");
    }
}
