package io.karipap.bench;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.ScalarKernels;
import io.karipap.kernels.VectorKernels;
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

/** The kernels beside the matmul, on {@code size} elements; one thread. Attention: four heads of 64 dimensions, size/64 positions. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class RowKernelsBenchmark {
    private static final int HEADS = 4;
    private static final int HEAD_DIM = 64;
    private static final int PANEL = 16;

    @Param("vector")
    private String kernels;

    @Param("2048")
    private int size;

    private Kernels chosen;
    private float[] x;
    private float[] y;
    private float[] small;

    @Setup
    public void setUp() {
        chosen = kernels.equals("scalar") ? new ScalarKernels() : new VectorKernels();
        SplittableRandom random = new SplittableRandom(1);
        x = new float[size];
        y = new float[size];
        small = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) random.nextGaussian();
            small[i] = (float) random.nextGaussian();
        }
    }

    @Benchmark
    public float[] rmsNorm() {
        chosen.rmsNorm(x, 0, small, 1e-5f, y, 0);
        return y;
    }

    @Benchmark
    public float[] siluGate() {
        System.arraycopy(x, 0, y, 0, size);
        chosen.siluGate(y, 0, small, 0, size);
        return y;
    }

    @Benchmark
    public float[] softmax() {
        System.arraycopy(x, 0, y, 0, size);
        chosen.softmax(y, 0, size);
        return y;
    }

    @Benchmark
    public int argmax() {
        return chosen.argmax(x, 0, size);
    }

    @Benchmark
    public float[] attentionScores() {
        int positions = size / HEAD_DIM;
        chosen.attentionScores(HEADS, HEAD_DIM, small, 0, x, 0, positions / PANEL, 0.125f, y, 0, positions);
        return y;
    }

    @Benchmark
    public float[] attentionValues() {
        int positions = size / HEAD_DIM;
        chosen.attentionValues(HEADS, HEAD_DIM, small, 0, positions, x, 0, positions, y, 0);
        return y;
    }
}
