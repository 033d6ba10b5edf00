package io.karipap.model;

import io.karipap.kernels.HeadRows;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.KvBlock;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Rope;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

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
    private final float softCap; // or 0
    /** One for every way of turning. */
    private final List<RotaryEmbedding> rotaries;
    /** Which of them a block has; −1 for none. */
    private final int[] rotaryOf;
    /** How many positions a block sees. */
    private final int[] windows;

    private final AttendTask attendTask = new AttendTask();
    private final StoreTask storeTask = new StoreTask();
    /** By thread. */
    private final Views[] views;

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
        scale = config.attention().scale();
        List<Rope> ropes = config.ropes();
        rotaries = ropes.stream()
                .map(rope -> new RotaryEmbedding(rope, headDim, config.maxPositions()))
                .toList();
        rotaryOf = IntStream.range(0, config.layers())
                .map(layer -> ropes.indexOf(config.layer(layer).rope().orElse(null)))
                .toArray();
        windows = IntStream.range(0, config.layers())
                .map(layer -> config.layer(layer).window())
                .toArray();
        softCap = config.attention().softCap();
        views = new Views[threads];
        Arrays.setAll(views, i -> new Views());
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
        for (int i = 0; i < rotaries.size(); i++) {
            rotaries.get(i).prepare(last);
        }
        for (Views view : views) {
            view.reserve(needed);
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
            elements += (long) Math.min(batch.position(m) + 1, windows[layer]) * heads * headDim;
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
            RotaryEmbedding rotary = rotaryOf[layer] < 0 ? null : rotaries.get(rotaryOf[layer]);
            for (int m = 0; m < batch.rows(); m++) {
                int position = batch.position(m);
                if (rotary != null) {
                    rotary.rotate(query.data(), query.at(m) + fromQuery * headDim, queries, position);
                    rotary.rotate(key.data(), key.at(m) + from * headDim, to - from, position);
                }
                KvCache cache = batch.cache(m);
                int place = position % cache.blockSize();
                KvBlock block = cache.at(position);
                for (int g = from; g < to; g++) {
                    block.store(
                            layer * kvHeads + g,
                            place,
                            key.data(),
                            key.at(m) + g * headDim,
                            value.data(),
                            value.at(m) + g * headDim);
                }
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
                int row = task / perRow;
                int kvHead = task % perRow / perKvHead;
                int from = task % perKvHead * Kernels.HEADS_TOGETHER;
                int together = Math.min(Kernels.HEADS_TOGETHER, queriesPerKey() - from);
                int firstHead = kvHead * queriesPerKey() + from;
                views[part].set(row, firstHead, together);
                int positions = batch.position(row) + 1;
                int first = Math.max(0, positions - windows[layer]);
                attend(batch.cache(row), first, positions, layer * kvHeads + kvHead, views[part]);
            }
        }
    }

    private int queriesPerKey() {
        return heads / kvHeads;
    }

    /** Attention of some query heads of a row that share a KV head over the positions {@code [first, positions)} of its sequence. */
    private void attend(KvCache cache, int first, int positions, int kvHead, Views view) {
        int blockSize = cache.blockSize();
        int firstBlock = first / blockSize * blockSize;
        for (int from = firstBlock; from < positions; from += blockSize) {
            view.scores.moveTo(from);
            kernels.attentionScores(view.queries, cache.at(from), kvHead, scale, view.scores);
        }
        view.scores.moveTo(first);
        for (int i = 0; i < view.scores.heads(); i++) {
            int at = view.scores.at(i);
            if (softCap != 0) {
                kernels.softCap(view.scores.data(), at, positions - first, softCap);
            }
            kernels.softmax(view.scores.data(), at, positions - first);
            Arrays.fill(view.scores.data(), at - (first - firstBlock), at, 0f); // of the first block, before the window
        }
        for (int from = firstBlock; from < positions; from += blockSize) {
            view.scores.moveTo(from);
            int count = Math.min(blockSize, positions - from);
            kernels.attentionValues(view.scores, cache.at(from), kvHead, count, view.out);
        }
    }

    /** What a thread looks at, and the scores that it computes, [HEADS_TOGETHER, T]. */
    private final class Views {
        private final HeadRows queries = new HeadRows();
        private final HeadRows scores = new HeadRows();
        private final HeadRows out = new HeadRows();
        private float[] scoreData = new float[0];

        void reserve(int positions) {
            if (scoreData.length < Kernels.HEADS_TOGETHER * positions) {
                scoreData = new float[Kernels.HEADS_TOGETHER * Math.max(512, 2 * Integer.highestOneBit(positions - 1))];
            }
        }

        /** Views some neighbouring query heads of a row; their results are zero from here on. */
        void set(int row, int firstHead, int together) {
            queries.set(query.data(), query.at(row) + firstHead * headDim, headDim, together);
            scores.set(scoreData, 0, scoreData.length / Kernels.HEADS_TOGETHER, together);
            int to = attended.at(row) + firstHead * headDim;
            out.set(attended.data(), to, headDim, together);
            Arrays.fill(attended.data(), to, to + together * headDim, 0f);
        }
    }
}
