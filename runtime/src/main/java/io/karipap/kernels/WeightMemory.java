package io.karipap.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Native memory for the weights of one model, 64-byte aligned so that no SIMD load splits a cache line. It keeps count: the largest
 * single allocation shows that no dense matrix is ever rebuilt.
 */
public final class WeightMemory implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong largest = new AtomicLong();

    /** Zeroed memory of {@code bytes} bytes that lives until {@link #close()}. */
    MemorySegment allocate(long bytes) {
        total.addAndGet(bytes);
        largest.accumulateAndGet(bytes, Math::max);
        return arena.allocate(bytes, ALIGNMENT);
    }

    /** Bytes allocated so far. */
    public long totalBytes() {
        return total.get();
    }

    /** Bytes of the largest allocation so far. */
    public long largestBytes() {
        return largest.get();
    }

    @Override
    public void close() {
        arena.close();
    }
}
