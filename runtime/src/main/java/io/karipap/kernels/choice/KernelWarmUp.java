package io.karipap.kernels.choice;

import io.karipap.kernels.Bfloat16KvBlock;
import io.karipap.kernels.Blocks;
import io.karipap.kernels.FloatKvBlock;
import io.karipap.kernels.HeadRows;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.KvBlock;
import io.karipap.kernels.LaneWeights;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs kernels on small data until the JIT compiler has made them fast. */
final class KernelWarmUp {
    /** Whatever the machine does, after this time the kernels are taken as they are. */
    private static final long LIMIT_NANOS = 10_000_000_000L;

    /** Rounds in a row that must be fast: a method may be compiled, thrown away and compiled again. */
    private static final int FAST_ROUNDS = 3;

    /** Output features: one block of the widest vectors. */
    private static final int FEATURES = 64;

    /** Short loops, many calls: what is interpreted is little until the JIT compiler has counted enough. */
    private static final int COLUMNS = 32;

    private static final int HEAD_DIM = 32;
    private static final int POSITIONS = 64;
    /** Four together and one alone. */
    private static final int HEADS = 5;

    /** Tiles of six rows, of four, of two and of one. */
    private static final int ROWS = 13;

    private final Set<WeightType> types;
    private final Rows x = Rows.allocate(ROWS, COLUMNS);
    private final Rows y = Rows.allocate(ROWS, FEATURES);
    private final float[] normWeight = new float[FEATURES];
    private final LaneWeights lanes = new LaneWeights(new float[4 * 4 * FEATURES], 4, 4, FEATURES);
    private final KvBlock[] blocks = {
        new FloatKvBlock(1, POSITIONS, HEAD_DIM), new Bfloat16KvBlock(1, POSITIONS, HEAD_DIM)
    };
    private final HeadRows queries = new HeadRows().set(new float[HEADS * HEAD_DIM], 0, HEAD_DIM, HEADS);
    private final HeadRows scores = new HeadRows().set(new float[HEADS * POSITIONS], 0, POSITIONS, HEADS);

    /**
     * @param types kinds of weights to multiply with
     */
    KernelWarmUp(Set<WeightType> types) {
        this.types = Set.copyOf(types);
    }

    /** Returns once {@code kernels} take less than half the time of {@code others} for the same work. */
    void run(Kernels kernels, Kernels others) {
        try (WeightMemory memory = new WeightMemory()) {
            List<PackedMatrix> matrices = new ArrayList<>();
            for (WeightType type : types) {
                WeightRows zeros = WeightRows.zeros(FEATURES, COLUMNS);
                matrices.add(PackedMatrix.pack(type, zeros, memory));
            }
            long end = System.nanoTime() + LIMIT_NANOS;
            int fast = 0;
            while (fast < FAST_ROUNDS && System.nanoTime() < end) {
                fast = time(kernels, matrices) * 2 < time(others, matrices) ? fast + 1 : 0;
            }
        }
    }

    private long time(Kernels kernels, List<PackedMatrix> matrices) {
        long start = System.nanoTime();
        for (PackedMatrix w : matrices) {
            for (int i = 0; i < ROWS; i++) {
                kernels.matmul(w, Blocks.all(w), x, y, 1);
            }
            kernels.matmul(w, Blocks.all(w), x, y, ROWS);
        }
        for (int i = 0; i < ROWS; i++) {
            kernels.rmsNorm(x.data(), 0, normWeight, 1e-5f, y.data(), 0);
            kernels.siluGate(x.data(), 0, y.data(), 0, FEATURES);
            kernels.layerNorm(y.data(), 0, normWeight, normWeight, 1e-5f);
            kernels.gelu(y.data(), 0, FEATURES);
            kernels.softCap(y.data(), 0, FEATURES, 30);
            kernels.scale(y.data(), 0, FEATURES, 1);
            kernels.multiply(x.data(), 0, y.data(), 0, FEATURES);
            kernels.add(x.data(), 0, y.data(), 0, FEATURES);
            kernels.multiplyLanes(lanes, x.data(), 0, y.data(), 0);
            for (KvBlock block : blocks) {
                kernels.attentionScores(queries, block, 0, 1, scores);
                kernels.attentionValues(scores, block, 0, POSITIONS / 2, queries);
            }
            kernels.softmax(y.data(), 0, POSITIONS);
            kernels.argmax(y.data(), 0, POSITIONS);
        }
        return System.nanoTime() - start;
    }
}
