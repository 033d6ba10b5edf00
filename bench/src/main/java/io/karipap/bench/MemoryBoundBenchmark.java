package io.karipap.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
        other = arena.allocate(LimitsBenchmark.BYTES, 64);
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
        LimitsBenchmark.read(other, team(), sums);
        times.matmulNanos += middle - start;
        times.readNanos += System.nanoTime() - middle;
        times.calls++;
    }
}
