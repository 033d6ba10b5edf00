package io.karipap.network;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import java.util.Arrays;

/**
 * Matmuls that do not depend on each other, handed to the threads at once: of few rows every thread takes an equal share of the
 * multiply-adds, whole blocks of output features, so that every weight is read once; of many rows it takes some of the rows. Used again
 * and again, so that a token allocates nothing.
 */
final class MatmulTask implements WorkerTeam.Task {
    /** Work below this many multiply-adds (some 2 µs) is not worth handing to another thread, which takes 0.4 µs. */
    private static final long MIN_PARALLEL_FMA = 30_000;

    /** From here on, weights expanded by every thread cost less than shares of features that are not equal. */
    private static final int MANY_ROWS = 48;

    /** Rows are shared in multiples of what the kernels' register tile takes. */
    private static final int TILE_ROWS = 6;

    private PackedMatrix[] weights = new PackedMatrix[4];
    private Rows[] inputs = new Rows[4];
    private Rows[] outputs = new Rows[4];
    private int[] rows = new int[4];
    private int count;
    private Kernels kernels;

    /** Adds {@code y [M, N] = x [M, K] Wᵀ}. */
    void add(PackedMatrix w, Rows x, Rows y, int m) {
        if (count == weights.length) {
            weights = Arrays.copyOf(weights, 2 * count);
            inputs = Arrays.copyOf(inputs, 2 * count);
            outputs = Arrays.copyOf(outputs, 2 * count);
            rows = Arrays.copyOf(rows, 2 * count);
        }
        weights[count] = w;
        inputs[count] = x;
        outputs[count] = y;
        rows[count++] = m;
    }

    /** Computes what was added, by all threads if it is enough, and forgets it. */
    void run(Kernels by, WorkerTeam team) {
        kernels = by;
        try {
            if (team.size() == 1 || fma() < MIN_PARALLEL_FMA) {
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
            fma += blockCost(i) * weights[i].blocks();
        }
        return fma;
    }

    /** Multiply-adds of a block of output features. */
    private long blockCost(int i) {
        return (long) rows[i] * weights[i].columns() * PackedMatrix.BLOCK;
    }

    @Override
    public void run(int part, int parts) {
        long total = fma();
        long from = total * part / parts;
        long to = total * (part + 1) / parts;
        long start = 0;
        for (int i = 0; i < count; i++) {
            long cost = blockCost(i);
            if (rows[i] >= MANY_ROWS) {
                someRows(i, part, parts);
            } else {
                int first = blocksBefore(from - start, cost, weights[i].blocks());
                int end = blocksBefore(to - start, cost, weights[i].blocks());
                someBlocks(i, first, part == parts - 1 ? weights[i].blocks() : end);
            }
            start += cost * weights[i].blocks();
        }
    }

    private void someBlocks(int i, int first, int end) {
        PackedMatrix w = weights[i];
        if (first < end) {
            kernels.matmul(w, w.panel(first), w.panel(end), inputs[i], outputs[i], rows[i]);
        }
    }

    private void someRows(int i, int part, int parts) {
        int first = rowsBefore(rows[i], part, parts);
        int end = rowsBefore(rows[i], part + 1, parts);
        if (first < end) {
            PackedMatrix w = weights[i];
            kernels.matmul(w, 0, w.panels(), inputs[i].from(first), outputs[i].from(first), end - first);
        }
    }

    private static int rowsBefore(int rows, int part, int parts) {
        return part == parts ? rows : (int) ((long) rows * part / parts) / TILE_ROWS * TILE_ROWS;
    }

    /** Whole blocks of a matmul that lie nearest to the first {@code fma} multiply-adds of it. */
    private static int blocksBefore(long fma, long cost, int blocks) {
        return Math.clamp((fma + cost / 2) / Math.max(1, cost), 0, blocks);
    }
}
