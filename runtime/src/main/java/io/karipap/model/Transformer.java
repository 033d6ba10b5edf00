package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.ActivationObserver.Input;
import io.karipap.network.ContractionGroup;
import io.karipap.network.Scratch;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Llama-family transformer (Touvron et al., arXiv 2302.13971): RMSNorm, grouped-query attention with rotary positions, SiLU-gated MLP.
 * Every linear operator is a tensor network; a dense matrix is one of a single site.
 *
 * <p>One step at a time: not thread-safe. A row's result does not depend on what else is in the batch, to the bit.
 */
public final class Transformer implements AutoCloseable {
    /** Below this many elements a loop over rows is not worth splitting among threads. */
    private static final int MIN_PARALLEL_ELEMENTS = 1 << 14;

    private final ModelConfig config;
    private final TransformerWeights weights;
    private final WeightMemory memory;
    private final Kernels kernels;
    private final WorkerTeam allThreads;
    private final WorkerTeam oneThread = new WorkerTeam(1);
    private final RotaryEmbedding rotary;
    private final Scratch scratch = new Scratch();
    private final float[][] scores;
    private final AttentionTask attentionTask = new AttentionTask();
    private final StoreTask storeTask = new StoreTask();
    private WorkerTeam team; // of this step
    private Activations activations;

    Transformer(ModelConfig config, TransformerWeights weights, WeightMemory memory, Kernels kernels, WorkerTeam team) {
        this.config = config;
        this.weights = weights;
        this.memory = memory;
        this.kernels = kernels;
        this.allThreads = team;
        this.team = team;
        this.rotary = new RotaryEmbedding(config);
        this.scores = new float[team.size()][];
        this.activations = new Activations(config, 1, 1);
    }

    public ModelConfig config() {
        return config;
    }

    /** Where the weights live, with its counts. */
    public WeightMemory memory() {
        return memory;
    }

    /** The kernels in use. */
    public Kernels kernels() {
        return kernels;
    }

    /** Name of the kernels in use. */
    public String kernelName() {
        return kernels.name();
    }

    /** Threads in use. */
    public int threads() {
        return allThreads.size();
    }

    /** Runs a task on the threads of the model, after a step. */
    public void parallel(WorkerTeam.Task task) {
        team.run(task);
    }

    /**
     * Computes the batch and appends its keys and values to the caches.
     *
     * @return logits [logitsRows, V]; overwritten by the next step
     * @throws IllegalArgumentException if a token or position is out of range
     */
    public Rows forward(Batch batch) {
        return forward(batch, null);
    }

    /** As {@link #forward(Batch)}; {@code observer}, if not null, sees what flows into every operator. */
    public Rows forward(Batch batch, ActivationObserver observer) {
        int rows = batch.rows();
        prepare(batch);
        Activations a = activations;
        Rows gathered = weights.embedding().gathered(a.residual, rows, scratch);
        for (int m = 0; m < rows; m++) {
            weights.embedding().copyRow(batch.token(m), gathered, m);
        }
        weights.embedding().finish(gathered, a.residual, rows, kernels, team, scratch);
        for (int layer = 0; layer < config.layers(); layer++) {
            TransformerBlock block = weights.blocks().get(layer);
            norm(a.residual, block.attentionNorm(), a.normed, rows);
            observe(observer, layer, Input.ATTENTION, a.normed, rows, config.hiddenSize());
            apply(block.queryKeyValue(), a.normed, a.queryKeyValue, rows);
            addBiases(block, rows);
            storeKeysAndValues(batch, layer);
            attention(batch, layer);
            observe(observer, layer, Input.ATTENTION_OUTPUT, a.attended, rows, a.attended.stride());
            apply(block.attentionOutput(), a.attended, a.toResidual, rows);
            addToResidual(a, rows);
            norm(a.residual, block.mlpNorm(), a.normed, rows);
            observe(observer, layer, Input.MLP, a.normed, rows, config.hiddenSize());
            apply(block.gateUp(), a.normed, a.gateUp, rows);
            gate(a, rows);
            observe(observer, layer, Input.MLP_OUTPUT, a.gate, rows, config.intermediateSize());
            apply(block.down(), a.gate, a.toResidual, rows);
            addToResidual(a, rows);
        }
        return logits(batch, observer);
    }

    private void prepare(Batch batch) {
        team = kernels.ready() ? allThreads : oneThread;
        int last = 0;
        int needed = 0;
        for (int m = 0; m < batch.rows(); m++) {
            int position = batch.position(m);
            if (position < 0 || position >= config.maxPositions()) {
                throw new IllegalArgumentException(
                        "position " + position + " is outside the context of " + config.maxPositions());
            }
            if (batch.token(m) < 0 || batch.token(m) >= config.vocabularySize()) {
                throw new IllegalArgumentException(
                        "token " + batch.token(m) + " is outside the vocabulary of " + config.vocabularySize());
            }
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
        if (activations.rows < batch.rows() || activations.logitsRows < batch.logitsRows()) {
            activations = new Activations(
                    config,
                    Math.max(activations.rows, batch.rows()),
                    Math.max(activations.logitsRows, batch.logitsRows()));
        }
    }

    private void apply(ContractionGroup operators, Rows x, Rows[] y, int rows) {
        operators.apply(x, y, rows, kernels, team, scratch);
    }

    private void addBiases(TransformerBlock block, int rows) {
        for (int i = 0; i < block.biases().length; i++) {
            float[] bias = block.biases()[i];
            Rows y = activations.queryKeyValue[i];
            for (int m = 0; m < rows; m++) {
                kernels.add(bias, 0, y.data(), y.at(m), bias.length);
            }
        }
    }

    private void norm(Rows x, float[] weight, Rows y, int rows) {
        if (oneThreadIsEnough((long) rows * weight.length)) {
            normRows(x, weight, y, 0, rows);
        } else {
            team.run((part, parts) -> normRows(x, weight, y, rows * part / parts, rows * (part + 1) / parts));
        }
    }

    private void normRows(Rows x, float[] weight, Rows y, int from, int to) {
        for (int m = from; m < to; m++) {
            kernels.rmsNorm(x.data(), x.at(m), weight, config.normEpsilon(), y.data(), y.at(m));
        }
    }

    private void gate(Activations a, int rows) {
        if (oneThreadIsEnough((long) rows * config.intermediateSize())) {
            gateRows(a, 0, rows);
        } else {
            team.run((part, parts) -> gateRows(a, rows * part / parts, rows * (part + 1) / parts));
        }
    }

    private void gateRows(Activations a, int from, int to) {
        for (int m = from; m < to; m++) {
            kernels.siluGate(a.gate.data(), a.gate.at(m), a.up.data(), a.up.at(m), config.intermediateSize());
        }
    }

    private boolean oneThreadIsEnough(long elements) {
        return team.size() == 1 || elements < MIN_PARALLEL_ELEMENTS;
    }

    private void addToResidual(Activations a, int rows) {
        kernels.add(a.normed.data(), 0, a.residual.data(), 0, rows * config.hiddenSize());
    }

    private void storeKeysAndValues(Batch batch, int layer) {
        storeTask.batch = batch;
        storeTask.layer = layer;
        long elements = (long) batch.rows() * (config.heads() + config.kvHeads()) * config.headDim();
        if (oneThreadIsEnough(2 * elements)) { // these loops are slower than those of norms
            storeTask.run(0, 1);
        } else {
            team.run(storeTask);
        }
    }

    /** Turns queries and keys by their positions and stores keys and values, each thread some of the heads: positions may share a word. */
    private final class StoreTask implements WorkerTeam.Task {
        private Batch batch;
        private int layer;

        @Override
        public void run(int part, int parts) {
            Activations a = activations;
            int headDim = config.headDim();
            int fromQuery = config.heads() * part / parts;
            int queries = config.heads() * (part + 1) / parts - fromQuery;
            int from = config.kvHeads() * part / parts;
            int to = config.kvHeads() * (part + 1) / parts;
            for (int m = 0; m < batch.rows(); m++) {
                int position = batch.position(m);
                rotary.rotate(a.query.data(), a.query.at(m) + fromQuery * headDim, queries, position);
                rotary.rotate(a.key.data(), a.key.at(m) + from * headDim, to - from, position);
                KvCache cache = batch.cache(m);
                int place = position % cache.blockSize();
                cache.at(position).store(layer, place, from, to, a.key, a.value, m);
            }
        }
    }

    private void attention(Batch batch, int layer) {
        long elements = 0;
        for (int m = 0; m < batch.rows(); m++) {
            elements += (long) (batch.position(m) + 1) * config.heads() * config.headDim();
        }
        attentionTask.batch = batch;
        attentionTask.layer = layer;
        attentionTask.next.set(0);
        if (oneThreadIsEnough(elements / 2)) {
            attentionTask.run(0, 1);
        } else {
            team.run(attentionTask);
        }
    }

    /** Attention of a step, some heads of a row to whoever is free. Used again and again, so that a token allocates nothing. */
    private final class AttentionTask implements WorkerTeam.Task {
        private final AtomicInteger next = new AtomicInteger();
        private Batch batch;
        private int layer;

        @Override
        public void run(int part, int parts) {
            int perKvHead = Math.ceilDiv(queriesPerKey(), Kernels.HEADS_TOGETHER);
            int perRow = config.kvHeads() * perKvHead;
            int tasks = batch.rows() * perRow;
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                int kvHead = task % perRow / perKvHead;
                int from = task % perKvHead * Kernels.HEADS_TOGETHER;
                int heads = Math.min(Kernels.HEADS_TOGETHER, queriesPerKey() - from);
                attend(batch, layer, task / perRow, kvHead, kvHead * queriesPerKey() + from, heads, scores[part]);
            }
        }
    }

    private int queriesPerKey() {
        return config.heads() / config.kvHeads();
    }

    /** Attention of one row and some query heads that share a KV head over its sequence so far. */
    private void attend(Batch batch, int layer, int m, int kvHead, int firstHead, int heads, float[] scores) {
        Activations a = activations;
        int headDim = config.headDim();
        int positions = batch.position(m) + 1;
        KvCache cache = batch.cache(m);
        float scale = (float) (1 / Math.sqrt(headDim));
        int query = a.query.at(m) + firstHead * headDim;
        int blockSize = cache.blockSize();
        int stride = scores.length / Kernels.HEADS_TOGETHER;
        for (int from = 0; from < positions; from += blockSize) {
            cache.at(from).scores(kernels, heads, a.query.data(), query, layer, kvHead, scale, scores, from, stride);
        }
        for (int i = 0; i < heads; i++) {
            kernels.softmax(scores, i * stride, positions);
        }
        int out = a.attended.at(m) + firstHead * headDim;
        Arrays.fill(a.attended.data(), out, out + heads * headDim, 0f);
        for (int from = 0; from < positions; from += blockSize) {
            int count = Math.min(blockSize, positions - from);
            cache.at(from)
                    .addValues(kernels, heads, scores, from, stride, layer, kvHead, count, a.attended.data(), out);
        }
    }

    private Rows logits(Batch batch, ActivationObserver observer) {
        Activations a = activations;
        int wanted = batch.logitsRows();
        for (int m = 0; m < batch.rows(); m++) {
            int row = batch.logitsRow(m);
            if (row >= 0) {
                kernels.rmsNorm(
                        a.residual.data(),
                        a.residual.at(m),
                        weights.finalNorm(),
                        config.normEpsilon(),
                        a.normed.data(),
                        a.normed.at(row));
            }
        }
        if (wanted > 0) {
            observe(observer, config.layers(), Input.HEAD, a.normed, wanted, config.hiddenSize());
            weights.head().apply(a.normed, a.logits, wanted, kernels, team, scratch);
        }
        return a.logits;
    }

    private static void observe(ActivationObserver observer, int layer, Input input, Rows x, int rows, int width) {
        if (observer != null) {
            observer.observe(layer, input, x, rows, width);
        }
    }

    /** Stops the threads and frees the weights. */
    @Override
    public void close() {
        allThreads.close();
        memory.close();
    }

    /** Buffers for a step of up to {@code rows} rows. */
    private static final class Activations {
        private final int rows;
        private final int logitsRows;
        private final Rows residual;
        private final Rows normed;
        private final Rows query;
        private final Rows key;
        private final Rows value;
        private final Rows attended;
        private final Rows gate;
        private final Rows up;
        private final Rows logits;
        private final Rows[] queryKeyValue;
        private final Rows[] gateUp;
        /** What a half block adds to the residual stream. */
        private final Rows[] toResidual;

        Activations(ModelConfig config, int rows, int logitsRows) {
            this.rows = rows;
            this.logitsRows = logitsRows;
            residual = Rows.allocate(rows, config.hiddenSize());
            normed = Rows.allocate(rows, config.hiddenSize());
            query = Rows.allocate(rows, config.heads() * config.headDim());
            key = Rows.allocate(rows, config.kvHeads() * config.headDim());
            value = Rows.allocate(rows, config.kvHeads() * config.headDim());
            attended = Rows.allocate(rows, config.heads() * config.headDim());
            gate = Rows.allocate(rows, config.intermediateSize());
            up = Rows.allocate(rows, config.intermediateSize());
            logits = Rows.allocate(logitsRows, config.vocabularySize());
            queryKeyValue = new Rows[] {query, key, value};
            gateUp = new Rows[] {gate, up};
            toResidual = new Rows[] {normed};
        }
    }
}
