package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Grouped-query attention (Ainslie et al., arXiv 2305.13245) with rotary positions over the KV cache, and its buffers. A step is
 * {@link #prepare}, then for every layer: queries, keys and values are written to {@link #queryKeyValue()}, {@link #store} and
 * {@link #attend} follow, and {@link #attended()} has the result.
 *
 * <p>One step at a time: not thread-safe. A row's result does not depend on what else is in the batch, to the bit.
 */
final class Attention {
    private final int heads;
    private final int kvHeads;
    private final int headDim;
    private final float scale;
    private final RotaryEmbedding rotary;
    private final AttendTask attendTask = new AttendTask();
    private final StoreTask storeTask = new StoreTask();
    /** By thread: scores [HEADS_TOGETHER, T]. */
    private final float[][] scores;

    private int rows;
    private Rows query;
    private Rows key;
    private Rows value;
    private Rows attended;
    private Rows[] queryKeyValue;
    private Kernels kernels; // of this step
    private WorkerTeam team; // of this step

    /**
     * @param config the shape of the model
     * @param threads size of the largest team
     */
    Attention(ModelConfig config, int threads) {
        heads = config.heads();
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        scale = (float) (1 / Math.sqrt(headDim));
        rotary = new RotaryEmbedding(config);
        scores = new float[threads][];
        allocate(1);
    }

    /** Makes room for a step and for the positions that it adds, and takes what computes it. */
    void prepare(Batch batch, Kernels by, WorkerTeam threads) {
        kernels = by;
        team = threads;
        int last = 0;
        int needed = 0;
        for (int m = 0; m < batch.rows(); m++) {
            int position = batch.position(m);
            KvCache cache = batch.cache(m);
            cache.reserve(position + 1);
            last = Math.max(last, position);
            needed = Math.max(needed, (position / cache.blockSize() + 1) * cache.blockSize());
        }
        rotary.prepare(last);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] == null || scores[i].length < Kernels.HEADS_TOGETHER * needed) {
                scores[i] = new float[Kernels.HEADS_TOGETHER * Math.max(512, 2 * Integer.highestOneBit(needed - 1))];
            }
        }
        if (rows < batch.rows()) {
            allocate(batch.rows());
        }
    }

    private void allocate(int newRows) {
        rows = newRows;
        query = Rows.allocate(rows, heads * headDim);
        key = Rows.allocate(rows, kvHeads * headDim);
        value = Rows.allocate(rows, kvHeads * headDim);
        attended = Rows.allocate(rows, heads * headDim);
        queryKeyValue = new Rows[] {query, key, value};
    }

    /** Where the queries [M, heads·H], keys and values [M, G·H] of the step belong; may change with {@link #prepare}. */
    Rows[] queryKeyValue() {
        return queryKeyValue;
    }

    /** The result [M, heads·H]; may change with {@link #prepare}. */
    Rows attended() {
        return attended;
    }

    /** Turns queries and keys by their positions and puts keys and values into the caches. */
    void store(Batch batch, int layer) {
        storeTask.batch = batch;
        storeTask.layer = layer;
        long elements = (long) batch.rows() * (heads + kvHeads) * headDim;
        if (team.isWorth(2 * elements)) { // these loops are slower than those of norms
            team.run(storeTask);
        } else {
            storeTask.run(0, 1);
        }
    }

    /** Attention of every row over its sequence so far. */
    void attend(Batch batch, int layer) {
        long elements = 0;
        for (int m = 0; m < batch.rows(); m++) {
            elements += (long) (batch.position(m) + 1) * heads * headDim;
        }
        attendTask.batch = batch;
        attendTask.layer = layer;
        attendTask.next.set(0);
        if (team.isWorth(elements / 2)) {
            team.run(attendTask);
        } else {
            attendTask.run(0, 1);
        }
    }

    /** Each thread some of the heads: positions may share a word. Used again and again, so that a token allocates nothing. */
    private final class StoreTask implements WorkerTeam.Task {
        private Batch batch;
        private int layer;

        @Override
        public void run(int part, int parts) {
            int fromQuery = heads * part / parts;
            int queries = heads * (part + 1) / parts - fromQuery;
            int from = kvHeads * part / parts;
            int to = kvHeads * (part + 1) / parts;
            for (int m = 0; m < batch.rows(); m++) {
                int position = batch.position(m);
                rotary.rotate(query.data(), query.at(m) + fromQuery * headDim, queries, position);
                rotary.rotate(key.data(), key.at(m) + from * headDim, to - from, position);
                KvCache cache = batch.cache(m);
                int place = position % cache.blockSize();
                cache.at(position).store(layer, place, from, to, key, value, m);
            }
        }
    }

    /** Some heads of a row to whoever is free. Used again and again, so that a token allocates nothing. */
    private final class AttendTask implements WorkerTeam.Task {
        private final AtomicInteger next = new AtomicInteger();
        private Batch batch;
        private int layer;

        @Override
        public void run(int part, int parts) {
            int perKvHead = Math.ceilDiv(queriesPerKey(), Kernels.HEADS_TOGETHER);
            int perRow = kvHeads * perKvHead;
            int tasks = batch.rows() * perRow;
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                int kvHead = task % perRow / perKvHead;
                int from = task % perKvHead * Kernels.HEADS_TOGETHER;
                int together = Math.min(Kernels.HEADS_TOGETHER, queriesPerKey() - from);
                attend(batch, layer, task / perRow, kvHead, kvHead * queriesPerKey() + from, together, scores[part]);
            }
        }
    }

    private int queriesPerKey() {
        return heads / kvHeads;
    }

    /** Attention of one row and some query heads that share a KV head over its sequence so far. */
    private void attend(Batch batch, int layer, int m, int kvHead, int firstHead, int together, float[] scores) {
        int positions = batch.position(m) + 1;
        KvCache cache = batch.cache(m);
        int at = query.at(m) + firstHead * headDim;
        int blockSize = cache.blockSize();
        int stride = scores.length / Kernels.HEADS_TOGETHER;
        for (int from = 0; from < positions; from += blockSize) {
            cache.at(from).scores(kernels, together, query.data(), at, layer, kvHead, scale, scores, from, stride);
        }
        for (int i = 0; i < together; i++) {
            kernels.softmax(scores, i * stride, positions);
        }
        int out = attended.at(m) + firstHead * headDim;
        Arrays.fill(attended.data(), out, out + together * headDim, 0f);
        for (int from = 0; from < positions; from += blockSize) {
            int count = Math.min(blockSize, positions - from);
            cache.at(from)
                    .addValues(kernels, together, scores, from, stride, layer, kvHead, count, attended.data(), out);
        }
    }
}
