package io.karipap.bench;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Matmuls;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code Y [M, N] = X [M, K] Wᵀ} by a team of threads. Weights larger than every cache come from memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MatmulBenchmark {
    @Param("vector")
    private String kernels;

    @Param("BF16")
    private WeightType type;

    /** N×K. */
    @Param("2048x2048")
    private String shape;

    @Param("1")
    private int rows;

    @Param("1")
    private int threads;

    private Kernels chosen;
    private WeightMemory memory;
    private WorkerTeam team;
    private PackedMatrix weights;
    private Rows x;
    private Rows y;
    private final Matmuls matmuls = new Matmuls();

    @Setup
    public void setUp() {
        chosen = kernels.equals("scalar") ? new ScalarKernels() : new VectorKernels();
        memory = new WeightMemory();
        team = new WorkerTeam(threads);
        int n = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        int k = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
        weights = PackedMatrix.pack(type, new RandomRows(n, k, 1), memory, team);
        x = Rows.allocate(rows, k);
        y = Rows.allocate(rows, n);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
    }

    @TearDown
    public void tearDown() {
        team.close();
        memory.close();
    }

    WorkerTeam team() {
        return team;
    }

    @Benchmark
    public float[] matmul() {
        matmuls.add(weights, x, y, rows);
        matmuls.run(chosen, team);
        return y.data();
    }
}
