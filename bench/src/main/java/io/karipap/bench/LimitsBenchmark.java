package io.karipap.bench;

import io.karipap.kernels.WorkerTeam;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
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

/** What the machine can compute at most: fused multiply-adds a second, with the threads that the kernels use. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class LimitsBenchmark {
    /** Vectors multiplied and added in one call by each thread. */
    private static final int ROUNDS = 100_000;

    private static final int CHAINS = 12;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    @Param("1")
    private int threads;

    private WorkerTeam team;
    private float[][] floats;

    /** Floating-point operations in one call of {@link #multiplyAdd}. */
    public static double operations(int threads) {
        return 2.0 * ROUNDS * CHAINS * FLOATS.length() * threads;
    }

    @Setup
    public void setUp() {
        team = new WorkerTeam(threads);
        floats = new float[threads][64];
        for (float[] each : floats) {
            Arrays.fill(each, 1e-3f);
        }
    }

    @TearDown
    public void tearDown() {
        team.close();
    }

    /** Twelve independent chains a thread. */
    @Benchmark
    public float[][] multiplyAdd() {
        team.run((part, parts) -> multiplyAdds(floats[part]));
        return floats;
    }

    private static void multiplyAdds(float[] out) {
        FloatVector a = FloatVector.fromArray(FLOATS, out, 0);
        FloatVector b = FloatVector.fromArray(FLOATS, out, 16);
        FloatVector s0 = a;
        FloatVector s1 = a;
        FloatVector s2 = a;
        FloatVector s3 = a;
        FloatVector s4 = a;
        FloatVector s5 = a;
        FloatVector s6 = a;
        FloatVector s7 = a;
        FloatVector s8 = a;
        FloatVector s9 = a;
        FloatVector s10 = a;
        FloatVector s11 = a;
        for (int i = 0; i < ROUNDS; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
        }
        s0 = s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7)));
        s0.add(s8.add(s9).add(s10.add(s11))).intoArray(out, 32);
    }
}
