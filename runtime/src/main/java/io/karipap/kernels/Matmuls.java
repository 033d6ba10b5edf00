package io.karipap.kernels;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Matmuls that do not depend on each other, computed by the threads together. Every thread has an equal share of the multiply-adds, whole
 * blocks of output features that lie one after the other; one that is done early takes blocks from the end of another's share, for
 * processors are not equally fast: some are built so, some have neighbours. Of many rows a thread's share is some of the rows. Used again
 * and again, so that a token allocates nothing.
 */
public final class Matmuls implements WorkerTeam.Task {
    /** Work below this many multiply-adds (some 2 µs) is not worth handing to another thread, which takes 0.4 µs. */
    private static final long MIN_PARALLEL_FMA = 30_000;

    /** From here on, weights expanded by every thread cost less than activations arranged by every thread. */
    private static final int MANY_ROWS = 48;

    /** Elements from one share to the next: cache lines are fetched in pairs. */
    private static final int APART = 16;

    private PackedMatrix[] weights = new PackedMatrix[4];
    private Rows[] inputs = new Rows[4];
    private Rows[] outputs = new Rows[4];
    private int[] rows = new int[4];
    /** Blocks of all matmuls before this one. */
    private int[] firstBlock = new int[5];

    private int count;
    private Kernels kernels;
    private Taker[] takers = new Taker[0];
    /** By thread: the first block of its share that nobody has taken in the upper half, the end of those in the lower half. */
    private AtomicLongArray shares = new AtomicLongArray(0);

    /** Adds {@code y [M, N] = x [M, K] Wᵀ}. */
    public void add(PackedMatrix w, Rows x, Rows y, int m) {
        if (count == weights.length) {
            weights = Arrays.copyOf(weights, 2 * count);
            inputs = Arrays.copyOf(inputs, 2 * count);
            outputs = Arrays.copyOf(outputs, 2 * count);
            rows = Arrays.copyOf(rows, 2 * count);
            firstBlock = Arrays.copyOf(firstBlock, 2 * count + 1);
        }
        weights[count] = w;
        inputs[count] = x;
        outputs[count] = y;
        rows[count] = m;
        firstBlock[++count] = firstBlock[count - 1] + w.blocks();
    }

    /** Computes what was added, by all threads if it is enough, and forgets it. */
    public void run(Kernels by, WorkerTeam team) {
        kernels = by;
        long fma = fma();
        int parts = fma < MIN_PARALLEL_FMA ? 1 : team.size();
        try {
            shareOut(parts, fma);
            if (parts == 1) {
                run(0, 1);
            } else {
                team.run(this);
            }
        } finally {
            count = 0;
        }
    }

    private long fma() {
        long fma = 0;
        for (int i = 0; i < count; i++) {
            fma += blockFma(i) * weights[i].blocks();
        }
        return fma;
    }

    /** Multiply-adds of a block of output features. */
    private long blockFma(int i) {
        return (long) rows[i] * weights[i].columns() * PackedMatrix.BLOCK;
    }

    private void shareOut(int parts, long fma) {
        if (takers.length < parts) {
            shares = new AtomicLongArray(parts * APART);
            takers = new Taker[parts];
            Arrays.setAll(takers, Taker::new);
        }
        int whole = parts == 1 ? 0 : count;
        for (int i = 0; i < whole; i++) {
            if (rows[i] >= MANY_ROWS) {
                splitRows(i, parts);
            }
        }
        int from = 0;
        for (int part = 0; part < parts; part++) {
            int to = part == parts - 1 ? firstBlock[count] : blocksBefore(fma * (part + 1) / parts);
            shares.set(part * APART, (long) from << 32 | to);
            from = to;
        }
    }

    /** Makes a matmul of its first rows, and others of the rest. */
    private void splitRows(int i, int parts) {
        int all = rows[i];
        rows[i] = rowsBefore(all, 1, parts);
        for (int part = 1; part < parts; part++) {
            int first = rowsBefore(all, part, parts);
            add(weights[i], inputs[i].from(first), outputs[i].from(first), rowsBefore(all, part + 1, parts) - first);
        }
    }

    /** Whole register tiles of the kernels. */
    private static int rowsBefore(int rows, int part, int parts) {
        int tile = Kernels.ROWS_TOGETHER;
        return part == parts ? rows : (int) ((long) rows * part / parts) / tile * tile;
    }

    /** Whole blocks that lie nearest to the first {@code fma} multiply-adds. */
    private int blocksBefore(long fma) {
        long left = fma;
        for (int i = 0; i < count; i++) {
            long cost = Math.max(1, blockFma(i));
            if (left < cost * weights[i].blocks()) {
                return firstBlock[i] + (int) ((left + cost / 2) / cost);
            }
            left -= cost * weights[i].blocks();
        }
        return firstBlock[count];
    }

    @Override
    public void run(int part, int parts) {
        takers[part].run(parts);
    }

    /** One thread's way through its own share, then through what is left of the others'. */
    private final class Taker implements Blocks {
        private final int part;
        /** Whose share is being worked on. */
        private int victim;
        /** Which matmul. */
        private int matmul;
        /** A block that was taken and not yet computed, or −1. */
        private int taken;

        Taker(int part) {
            this.part = part;
        }

        void run(int parts) {
            for (int i = 0; i < parts; i++) {
                victim = (part + i) % parts;
                taken = take();
                while (taken >= 0) {
                    matmul = matmulOf(taken);
                    kernels.matmul(weights[matmul], this, inputs[matmul], outputs[matmul], rows[matmul]);
                }
            }
        }

        @Override
        public int next() {
            int block = taken;
            if (block >= 0) {
                taken = -1; // only where it changes: takers may share a cache line
            } else {
                block = take();
            }
            if (block >= 0 && (block < firstBlock[matmul] || block >= firstBlock[matmul + 1])) {
                taken = block;
                return -1;
            }
            return block < 0 ? -1 : block - firstBlock[matmul];
        }

        private int take() {
            while (true) {
                long share = shares.get(victim * APART);
                int first = (int) (share >>> 32);
                int end = (int) share;
                if (first == end) {
                    return -1;
                }
                boolean own = victim == part;
                if (shares.compareAndSet(victim * APART, share, own ? share + (1L << 32) : share - 1)) {
                    return own ? first : end - 1;
                }
            }
        }

        private int matmulOf(int block) {
            int at = Arrays.binarySearch(firstBlock, 0, count, block);
            return at >= 0 ? at : -at - 2;
        }
    }
}
