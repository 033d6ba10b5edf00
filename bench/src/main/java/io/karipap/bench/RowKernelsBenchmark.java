package io.karipap.bench;

import io.karipap.kernels.FloatKvBlock;
import io.karipap.kernels.HeadRows;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.KvBlock;
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

/** The kernels beside the matmul, on {@code size} elements; one thread. Attention: four heads of 64 dimensions, size/64 positions. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class RowKernelsBenchmark {
    private static final int HEADS = 4;
    private static final int HEAD_DIM = 64;

    @Param("vector")
    private String kernels;

    @Param("2048")
    private int size;

    private Kernels chosen;
    private float[] x;
    private float[] y;
    private float[] small;
    private KvBlock block;
    private HeadRows queries;
    private HeadRows scores;
    private HeadRows probabilities;
    private HeadRows out;

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
        int positions = size / HEAD_DIM;
        block = new FloatKvBlock(1, positions, HEAD_DIM);
        for (int t = 0; t < positions; t++) {
            block.store(0, t, x, t * HEAD_DIM, x, t * HEAD_DIM);
        }
        queries = new HeadRows().set(small, 0, HEAD_DIM, HEADS);
        scores = new HeadRows().set(y, 0, positions, HEADS);
        probabilities = new HeadRows().set(small, 0, positions, HEADS);
        out = new HeadRows().set(y, 0, HEAD_DIM, HEADS);
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
        chosen.attentionScores(queries, block, 0, 0.125f, scores);
        return y;
    }

    @Benchmark
    public float[] attentionValues() {
        chosen.attentionValues(probabilities, block, 0, block.positions(), out);
        return y;
    }
}
