package io.karipap.model;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.ActivationObserver.Input;
import io.karipap.network.ContractionGroup;
import io.karipap.network.Scratch;

/**
 * A Llama-family transformer (Touvron et al., arXiv 2302.13971): RMSNorm, grouped-query attention with rotary positions, SiLU-gated MLP.
 * Every linear operator is a tensor network; a dense matrix is one of a single site.
 *
 * <p>One step at a time: not thread-safe. A row's result does not depend on what else is in the batch, to the bit.
 */
public final class Transformer implements AutoCloseable {
    private final ModelConfig config;
    private final TransformerWeights weights;
    private final WeightMemory memory;
    private final KernelChoice choice;
    private final WorkerTeam allThreads;
    private final WorkerTeam oneThread = new WorkerTeam(1);
    private final Attention attention;
    private final Scratch scratch = new Scratch();
    private Kernels kernels; // of this step
    private WorkerTeam team; // of this step
    private Activations activations;

    Transformer(
            ModelConfig config, TransformerWeights weights, WeightMemory memory, KernelChoice choice, WorkerTeam team) {
        this.config = config;
        this.weights = weights;
        this.memory = memory;
        this.choice = choice;
        this.kernels = choice.current();
        this.allThreads = team;
        this.team = team;
        this.attention = new Attention(config, team.size());
        this.activations = new Activations(config, 1, 1);
    }

    public ModelConfig config() {
        return config;
    }

    /** Where the weights live, with its counts. */
    public WeightMemory memory() {
        return memory;
    }

    /** Says which kernels compute. */
    public KernelChoice kernels() {
        return choice;
    }

    /** Name of the kernels in use. */
    public String kernelName() {
        return choice.name();
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
            apply(block.queryKeyValue(), a.normed, attention.queryKeyValue(), rows);
            addBiases(block, rows);
            attention.store(batch, layer);
            attention.attend(batch, layer);
            observe(
                    observer,
                    layer,
                    Input.ATTENTION_OUTPUT,
                    attention.attended(),
                    rows,
                    attention.attended().stride());
            apply(block.attentionOutput(), attention.attended(), a.toResidual, rows);
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
        team = choice.ready() ? allThreads : oneThread;
        kernels = choice.current();
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
        }
        attention.prepare(batch, kernels, team);
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
            Rows y = attention.queryKeyValue()[i];
            for (int m = 0; m < rows; m++) {
                kernels.add(bias, 0, y.data(), y.at(m), bias.length);
            }
        }
    }

    private void norm(Rows x, float[] weight, Rows y, int rows) {
        if (team.isWorth((long) rows * weight.length)) {
            team.run((part, parts) -> normRows(x, weight, y, rows * part / parts, rows * (part + 1) / parts));
        } else {
            normRows(x, weight, y, 0, rows);
        }
    }

    private void normRows(Rows x, float[] weight, Rows y, int from, int to) {
        for (int m = from; m < to; m++) {
            kernels.rmsNorm(x.data(), x.at(m), weight, config.normEpsilon(), y.data(), y.at(m));
        }
    }

    private void gate(Activations a, int rows) {
        if (team.isWorth((long) rows * config.intermediateSize())) {
            team.run((part, parts) -> gateRows(a, rows * part / parts, rows * (part + 1) / parts));
        } else {
            gateRows(a, 0, rows);
        }
    }

    private void gateRows(Activations a, int from, int to) {
        for (int m = from; m < to; m++) {
            kernels.siluGate(a.gate.data(), a.gate.at(m), a.up.data(), a.up.at(m), config.intermediateSize());
        }
    }

    private void addToResidual(Activations a, int rows) {
        kernels.add(a.normed.data(), 0, a.residual.data(), 0, rows * config.hiddenSize());
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
        private final Rows gate;
        private final Rows up;
        private final Rows logits;
        private final Rows[] gateUp;
        /** What a half block adds to the residual stream. */
        private final Rows[] toResidual;

        Activations(ModelConfig config, int rows, int logitsRows) {
            this.rows = rows;
            this.logitsRows = logitsRows;
            residual = Rows.allocate(rows, config.hiddenSize());
            normed = Rows.allocate(rows, config.hiddenSize());
            gate = Rows.allocate(rows, config.intermediateSize());
            up = Rows.allocate(rows, config.intermediateSize());
            logits = Rows.allocate(logitsRows, config.vocabularySize());
            gateUp = new Rows[] {gate, up};
            toResidual = new Rows[] {normed};
        }
    }
}
