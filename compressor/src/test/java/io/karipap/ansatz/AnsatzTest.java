package io.karipap.ansatz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.ansatz.PepsOperator.Lattice;
import io.karipap.compress.Ansatz;
import io.karipap.compress.Budget;
import io.karipap.compress.BundledText;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.Compressor;
import io.karipap.compress.MeasuredOperator;
import io.karipap.format.Tensor;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.linalg.Algebra;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.model.Progress;
import io.karipap.network.Contraction;
import io.karipap.network.ContractionPlanner;
import io.karipap.network.PackedSites;
import io.karipap.network.Scratch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every ansatz on random and on real matrices: exact at full bond, better with larger bonds, contracted as its dense matrix. */
class AnsatzTest {
    private static final LinearAlgebra ALGEBRA = Algebra.TORCH.open();
    private static final Map<String, MeasuredOperator> REAL = new LinkedHashMap<>();

    @BeforeAll
    static void measure(@TempDir Path work) throws IOException {
        CompressionOptions options = new CompressionOptions(
                new Budget.FullRank(),
                Ansatz.LOW_RANK,
                BundledText.calibration(),
                BundledText.evaluation(),
                2048,
                1024,
                null,
                false,
                Algebra.TORCH,
                work,
                false,
                2);
        Compressor.measure(
                Path.of("models/tales"), options, Progress.NONE, operator -> REAL.put(operator.name(), operator));
    }

    private record Case(String name, Matrix w, Metric metric) {}

    private static Case random(int m, int n, long seed) {
        Random random = new Random(seed);
        Matrix x = Matrix.gaussian(n, 2 * n, random);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 2 * n; j++) {
                x.set(i, j, x.get(i, j) * Math.exp(-3.0 * i / n));
            }
        }
        Metric metric = Metric.of(ALGEBRA.multiply(x, false, x, true));
        return new Case("random " + m + "×" + n, Matrix.gaussian(m, n, random), metric);
    }

    private static Case real(String name) {
        MeasuredOperator operator = REAL.get(name);
        return new Case(name, operator.weights(), operator.metric());
    }

    private static List<Case> cases() {
        return List.of(
                random(24, 36, 1),
                random(36, 24, 2),
                real("model.layers.3.self_attn.k_proj.weight"),
                real("model.layers.3.self_attn.o_proj.weight"));
    }

    private static void assertExact(Case c, OperatorNetwork network) {
        double scale = Math.sqrt(c.w().dot(c.w()));
        Matrix difference = c.w().minus(network.dense(ALGEBRA));
        assertThat(Math.sqrt(difference.dot(difference)) / scale)
                .as("%s at full bond", c.name())
                .isLessThan(1e-5);
        assertContracts(network, 2e-5);
    }

    /** Optimised sites may nearly cancel each other: floats then lose digits. */
    private static void assertContracts(OperatorNetwork network) {
        assertContracts(network, 2e-3);
    }

    /** {@code apply(x)} of the runtime against the dense matrix. */
    private static void assertContracts(OperatorNetwork network, double tolerance) {
        Matrix dense = network.dense(ALGEBRA);
        Random random = new Random(3);
        int rows = 3;
        Rows x = Rows.allocate(rows, dense.columns());
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
        Rows y = Rows.allocate(rows, dense.rows());
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(2)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            network.network()
                    .sites()
                    .forEach(site -> tensors.put(
                            site.tensor(),
                            new Tensor(
                                    site.tensor(),
                                    WeightType.F32,
                                    network.network().shape(site),
                                    MemorySegment.ofArray(network.floats(site.tensor())))));
            Contraction contraction = Contraction.compile(
                    ContractionPlanner.plan(network.network()),
                    tensors::get,
                    new PackedSites(WeightType.F32, memory, team));
            contraction.apply(x, y, rows, new VectorKernels(), team, new Scratch());
        }
        double scale = 0;
        for (float value : y.data()) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int m = 0; m < rows; m++) {
            for (int o = 0; o < dense.rows(); o++) {
                double sum = 0;
                for (int i = 0; i < dense.columns(); i++) {
                    sum += dense.get(o, i) * x.data()[x.at(m) + i];
                }
                assertThat((double) y.data()[y.at(m) + o]).isCloseTo(sum, Offset.offset(tolerance * scale));
            }
        }
    }

    private static void assertNotRising(List<Double> errors, String what) {
        for (int i = 1; i < errors.size(); i++) {
            assertThat(errors.get(i))
                    .as("%s, step %d of %s", what, i, errors)
                    .isLessThanOrEqualTo(errors.get(i - 1) * (1 + 1e-6));
        }
    }

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
                        REAL.get("model.layers.3.self_attn.q_proj.weight").weights(),
                        REAL.get("model.layers.3.self_attn.k_proj.weight").weights(),
                        REAL.get("model.layers.3.self_attn.v_proj.weight").weights()));
        List<Metric> metrics = List.of(
                random(1, 36, 7).metric(),
                random(1, 36, 7).metric(),
                REAL.get("model.layers.3.self_attn.q_proj.weight").metric());
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

    @Test
    void matrixProduct() {
        for (Case c : cases()) {
            for (int length : new int[] {2, 3}) {
                int[] out = Digits.of(c.w().rows(), length);
                int[] in = Digits.of(c.w().columns(), length);
                assertExact(c, MatrixProduct.of("w", c.w(), c.metric(), out, in, Integer.MAX_VALUE, ALGEBRA));
                AlternatingLeastSquares squares = new AlternatingLeastSquares(c.w(), c.metric(), ALGEBRA);
                List<Double> byBond = new ArrayList<>();
                OperatorNetwork network = MatrixProduct.of("w", c.w(), c.metric(), out, in, 2, ALGEBRA);
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
        OperatorNetwork direct = MatrixProduct.of("w", c.w(), c.metric(), out, in, 6, ALGEBRA);
        OperatorNetwork start = OperatorNetwork.random(direct.network(), 1, new Random(5));
        List<Double> errors = new ArrayList<>(List.of(squares.error(start)));
        squares.optimise(start, 30, 0, errors);
        assertNotRising(errors, "chain from a random start");
        List<Double> fromDirect = new ArrayList<>();
        squares.optimise(direct, 30, 0, fromDirect);
        assertThat(errors.getLast()).isLessThan(1.2 * fromDirect.getLast());
        List<Double> byGradient = new ArrayList<>();
        new GradientDescent(c.w(), c.metric(), ALGEBRA).optimise(start, 60, 0, byGradient);
        assertNotRising(byGradient, "chain by gradient");
        assertThat(byGradient.getLast()).isLessThan(errors.getFirst() / 2);
    }

    @Test
    void peps() {
        for (Case c : cases()) {
            for (Lattice lattice :
                    List.of(new Lattice(2, 2, false), new Lattice(3, 2, false), new Lattice(3, 3, true))) {
                int[] out = Digits.of(c.w().rows(), lattice.sites());
                int[] in = Digits.of(c.w().columns(), lattice.sites());
                assertExact(
                        c, PepsOperator.snake("w", c.w(), c.metric(), lattice, out, in, Integer.MAX_VALUE, ALGEBRA));
                AlternatingLeastSquares squares = new AlternatingLeastSquares(c.w(), c.metric(), ALGEBRA);
                OperatorNetwork network = PepsOperator.snake("w", c.w(), c.metric(), lattice, out, in, 2, ALGEBRA);
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
    void unitCellByGradient() {
        Lattice lattice = new Lattice(3, 3, true);
        int size = 512; // 2^9
        Random random = new Random(11);
        OperatorNetwork truth = PepsOperator.periodicCell("w", lattice, 2, 2, 3, 1, random);
        Matrix w = truth.dense(ALGEBRA);
        Metric metric = Metric.flat(size);
        OperatorNetwork moved = truth;
        for (Map.Entry<String, double[]> tensor : truth.tensors().entrySet()) {
            double[] data = tensor.getValue().clone();
            for (int i = 0; i < data.length; i++) {
                data[i] *= 1 + 0.3 * random.nextGaussian();
            }
            moved = moved.with(tensor.getKey(), data);
        }
        OperatorNetwork start = moved;
        assertThat(start.network().parameters()).hasSize(3);
        List<Double> errors = new ArrayList<>();
        OperatorNetwork found = new GradientDescent(w, metric, ALGEBRA).optimise(start, 25, 1e-9, errors);
        assertNotRising(errors, "unit cell");
        assertThat(errors.getLast()).isLessThan(0.2 * errors.getFirst());
        assertThat(metric.error(w, found.dense(ALGEBRA), ALGEBRA)).isCloseTo(errors.getLast(), Offset.offset(1e-9));
        assertThatThrownBy(() -> new AlternatingLeastSquares(w, metric, ALGEBRA).optimise(start, 1, 0, errors))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tied");
    }

    @Test
    void truncationInTheEnvironment() {
        Case c = real("model.layers.3.self_attn.o_proj.weight");
        Lattice lattice = new Lattice(2, 2, false);
        int[] out = Digits.of(c.w().rows(), 4);
        int[] in = Digits.of(c.w().columns(), 4);
        OperatorNetwork snake = PepsOperator.snake("w", c.w(), c.metric(), lattice, out, in, 6, ALGEBRA);
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

    @Test
    void awkwardDimensions() {
        assertThat(Digits.of(172, 2)).containsExactlyInAnyOrder(4, 43);
        assertThat(Digits.of(11008, 3))
                .satisfies(digits -> assertThat(Arrays.stream(digits).reduce(1, (a, b) -> a * b))
                        .isEqualTo(11008));
        assertThat(Digits.of(257, 4)).containsExactlyInAnyOrder(1, 1, 1, 257);
        assertThat(Digits.of(4096, 4)).containsExactly(8, 8, 8, 8);
        assertThat(Digits.of(1, 3)).containsExactly(1, 1, 1);
    }
}
