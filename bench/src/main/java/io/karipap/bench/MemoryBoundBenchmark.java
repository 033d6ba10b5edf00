package io.karipap.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A matmul whose weights come from memory and reading alone, in turns: on a shared machine the memory may be half as fast ten seconds later,
 * so that only what is measured beside each other can be compared.
 */
public class MemoryBoundBenchmark extends MatmulBenchmark {
    /** Bytes that are read in one call: several times the largest cache. */
    static final long BYTES = 512L << 20;

    /** Bytes of one of the four streams that a thread reads at once, as a GEMV does. */
    private static final int STREAM = 1 << 16;

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Arena arena;
    private MemorySegment other;
    private int[][] sums;

    /** Sums over all calls. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Times {
        public long matmulNanos;
        public long readNanos;
        public long calls;
    }

    @Setup
    public void setUpReading() {
        arena = Arena.ofShared();
        other = arena.allocate(BYTES, 64);
        other.fill((byte) 1);
        sums = new int[team().size()][64];
    }

    @TearDown
    public void tearDownReading() {
        arena.close();
    }

    @Benchmark
    public void inTurns(Times times) {
        long start = System.nanoTime();
        matmul();
        long middle = System.nanoTime();
        read();
        times.matmulNanos += middle - start;
        times.readNanos += System.nanoTime() - middle;
        times.calls++;
    }

    private void read() {
        team().run((part, parts) -> {
            long blocks = BYTES / (4L * STREAM);
            for (long block = blocks * part / parts; block < blocks * (part + 1) / parts; block++) {
                readBlock(other, block * 4 * STREAM, sums[part]);
            }
        });
    }

    private static void readBlock(MemorySegment m, long at, int[] sums) {
        IntVector s0 = IntVector.fromArray(INTS, sums, 0);
        IntVector s1 = s0;
        IntVector s2 = s0;
        IntVector s3 = s0;
        int step = INTS.vectorByteSize();
        for (int i = 0; i < STREAM / step; i++) {
            long p = at + (long) i * step;
            s0 = s0.add(IntVector.fromMemorySegment(INTS, m, p, ORDER));
            s1 = s1.add(IntVector.fromMemorySegment(INTS, m, p + STREAM, ORDER));
            s2 = s2.add(IntVector.fromMemorySegment(INTS, m, p + 2 * STREAM, ORDER));
            s3 = s3.add(IntVector.fromMemorySegment(INTS, m, p + 3 * STREAM, ORDER));
        }
        s0.add(s1).add(s2.add(s3)).intoArray(sums, 0);
    }
}
