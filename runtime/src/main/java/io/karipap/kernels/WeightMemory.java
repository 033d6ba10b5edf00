package io.karipap.kernels;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Native memory for the weights of one model, 64-byte aligned so that no SIMD load splits a cache line. It keeps count: the largest
 * single allocation shows that no dense matrix is ever rebuilt.
 */
public final class WeightMemory implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final Queue<Arena> mapped = new ConcurrentLinkedQueue<>();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong largest = new AtomicLong();

    /** Zeroed memory of {@code bytes} bytes that lives until {@link #close()}. */
    MemorySegment allocate(long bytes) {
        count(bytes);
        return arena.allocate(bytes, ALIGNMENT);
    }

    private void count(long bytes) {
        total.addAndGet(bytes);
        largest.accumulateAndGet(bytes, Math::max);
    }

    /** Maps a file of weights for reading. */
    public Mapping map(FileChannel channel) throws IOException {
        Arena own = Arena.ofShared();
        try {
            return new Mapping(own, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), own));
        } catch (IOException | RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /** A file of weights, given back when this is closed unless it was kept. */
    public final class Mapping implements AutoCloseable {
        private final Arena own;
        private final MemorySegment bytes;
        private long used;
        private boolean kept;

        private Mapping(Arena own, MemorySegment bytes) {
            this.own = own;
            this.bytes = bytes;
        }

        /** All of the file. */
        public MemorySegment bytes() {
            return bytes;
        }

        /**
         * The bytes {@code [at, at + size)} as weights.
         *
         * <p>A segment of the very class that {@link #allocate} gives: kernels that were compiled for that one would be thrown away and
         * interpreted for a while if they met another.
         */
        @SuppressWarnings("restricted") // within the mapping, and alive as long as it
        public MemorySegment use(long at, long size) {
            used += size;
            MemorySegment part = bytes.asSlice(at, size, ALIGNMENT);
            return MemorySegment.ofAddress(part.address()).reinterpret(size, own, null);
        }

        /** Makes what was used weights of the model, which live until its memory is closed. */
        public void keep() {
            kept = true;
            mapped.add(own);
            count(used);
        }

        @Override
        public void close() {
            if (!kept) {
                own.close();
            }
        }
    }

    /** Bytes of weights so far. */
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
        mapped.forEach(Arena::close);
    }
}
