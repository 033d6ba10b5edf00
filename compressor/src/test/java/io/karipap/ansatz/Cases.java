package io.karipap.ansatz;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.directory.AtomicDirectory;
import io.karipap.environment.BundledText;
import io.karipap.environment.CalibratedModel;
import io.karipap.environment.CalibrationOptions;
import io.karipap.environment.MeasuredOperator;
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
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;

/** Random and real matrices with their metrics, and what every ansatz must do for them. */
final class Cases {
    static final LinearAlgebra ALGEBRA = Algebra.TORCH.open();

    private Cases() {}

    /** The operators of the bundled model, measured once for all tests. */
    private static final class Measured {
        static final Map<String, MeasuredOperator> OPERATORS = operators();

        private static Map<String, MeasuredOperator> operators() {
            Map<String, MeasuredOperator> operators = new HashMap<>();
            try {
                Path work = Files.createTempDirectory("karipap-cases");
                try {
                    CalibratedModel.measure(
                            Path.of("models/tales"),
                            new CalibrationOptions(BundledText.calibration(), 2048, work, 2),
                            Progress.NONE,
                            operator -> operators.put(operator.name(), operator));
                } finally {
                    AtomicDirectory.delete(work);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return operators;
        }
    }

    static MeasuredOperator measured(String name) {
        return Measured.OPERATORS.get(name);
    }

    record Case(String name, Matrix w, Metric metric) {}

    static Case random(int m, int n, long seed) {
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

    static Case real(String name) {
        MeasuredOperator operator = Measured.OPERATORS.get(name);
        return new Case(name, operator.weights(), operator.metric());
    }

    static List<Case> cases() {
        return List.of(
                random(24, 36, 1),
                random(36, 24, 2),
                real("model.layers.3.self_attn.k_proj.weight"),
                real("model.layers.3.self_attn.o_proj.weight"));
    }

    static void assertExact(Case c, OperatorNetwork network) {
        double scale = Math.sqrt(c.w().dot(c.w()));
        Matrix difference = c.w().minus(network.dense(ALGEBRA));
        assertThat(Math.sqrt(difference.dot(difference)) / scale)
                .as("%s at full bond", c.name())
                .isLessThan(1e-5);
        assertContracts(network, 2e-5);
    }

    /** Optimised sites may nearly cancel each other: floats then lose digits. */
    static void assertContracts(OperatorNetwork network) {
        assertContracts(network, 2e-3);
    }

    /** {@code apply(x)} of the runtime against the dense matrix. */
    static void assertContracts(OperatorNetwork network, double tolerance) {
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

    static void assertNotRising(List<Double> errors, String what) {
        for (int i = 1; i < errors.size(); i++) {
            assertThat(errors.get(i))
                    .as("%s, step %d of %s", what, i, errors)
                    .isLessThanOrEqualTo(errors.get(i - 1) * (1 + 1e-6));
        }
    }
}
