package io.karipap.bench;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.ScalarKernels;
import io.karipap.kernels.VectorKernels;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
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

/** {@code Y [M, N] = X [M, N] Wᵀ} with N×N weights. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MatmulBenchmark {
    @Param({"vector", "scalar"})
    private String kernels;

    @Param({"F32", "BF16", "F16"})
    private WeightType type;

    @Param({"256", "768", "2048"})
    private int size;

    @Param({"1", "64"})
    private int rows;

    private Kernels chosen;
    private WeightMemory memory;
    private PackedMatrix weights;
    private Rows x;
    private Rows y;

    @Setup
    public void setUp() {
        chosen = kernels.equals("scalar") ? new ScalarKernels() : new VectorKernels();
        memory = new WeightMemory();
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[size * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        weights = PackedMatrix.pack(type, WeightRows.of(size, size, values), memory);
        x = Rows.allocate(rows, size);
        y = Rows.allocate(rows, size);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
    }

    @TearDown
    public void tearDown() {
        memory.close();
    }

    @Benchmark
    public float[] matmul() {
        chosen.matmul(weights, 0, weights.panels(), x, y, rows);
        return y.data();
    }
}
