package io.karipap.model;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.config.Input;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Multipliers;
import io.karipap.network.RowLookup;

/**
 * A decoder-only transformer (Vaswani et al., arXiv 1706.03762), put together from the parts that its {@link ModelConfig} names. Every
 * linear operator is a tensor network; a dense matrix is one of a single site.
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
    private final Step step;

    Transformer(
            ModelConfig config, TransformerWeights weights, WeightMemory memory, KernelChoice choice, WorkerTeam team) {
        this.config = config;
        this.weights = weights;
        this.memory = memory;
        this.choice = choice;
        this.allThreads = team;
        this.step = new Step(new Attention(config, team.size()));
        step.activations = new Activations(config, 1, 1);
        step.team = team;
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
        step.team.run(task);
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
        check(batch);
        prepare(batch, observer);
        embed(batch);
        for (int layer = 0; layer < config.layers(); layer++) {
            weights.blocks().get(layer).apply(step);
        }
        return logits(batch);
    }

    private void check(Batch batch) {
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
    }

    private void prepare(Batch batch, ActivationObserver observer) {
        step.team = choice.ready() ? allThreads : oneThread;
        step.kernels = choice.current();
        step.batch = batch;
        step.rows = batch.rows();
        step.observedBy(observer);
        step.attention.prepare(batch, step.kernels, step.team);
        Activations a = step.activations;
        if (a.rows < batch.rows() || a.logitsRows < batch.logitsRows()) {
            step.activations =
                    new Activations(config, Math.max(a.rows, batch.rows()), Math.max(a.logitsRows, batch.logitsRows()));
        }
    }

    private void embed(Batch batch) {
        RowLookup embedding = weights.embedding();
        Rows residual = step.activations.residual;
        Rows gathered = embedding.gathered(residual, step.rows, step.scratch);
        for (int m = 0; m < step.rows; m++) {
            embedding.copyRow(batch.token(m), gathered, m);
        }
        embedding.finish(gathered, residual, step.rows, step.kernels, step.team, step.scratch);
        int elements = step.rows * residual.stride();
        if (config.multipliers().embedding() != 1) {
            step.kernels.scale(
                    residual.data(), 0, elements, config.multipliers().embedding());
        }
        if (weights.positions().isPresent()) {
            Rows half = step.activations.half;
            for (int m = 0; m < step.rows; m++) {
                weights.positions().get().copyRow(batch.position(m), half, m);
            }
            step.kernels.add(half.data(), 0, residual.data(), 0, elements);
        }
    }

    private Rows logits(Batch batch) {
        Activations a = step.activations;
        int wanted = batch.logitsRows();
        for (int m = 0; m < batch.rows(); m++) {
            int row = batch.logitsRow(m);
            if (row >= 0) {
                weights.finalNorm()
                        .apply(step.kernels, a.residual.data(), a.residual.at(m), a.half.data(), a.half.at(row));
            }
        }
        if (wanted > 0) {
            step.observe(config.layers(), Input.HEAD, a.half, wanted, config.hiddenSize());
            weights.head().apply(a.half, a.logits, wanted, step.kernels, step.team, step.scratch);
            finish(a.logits, wanted);
        }
        return a.logits;
    }

    private void finish(Rows logits, int rows) {
        Multipliers multipliers = config.multipliers();
        if (multipliers.logits() != 1) {
            step.kernels.scale(logits.data(), 0, rows * logits.stride(), multipliers.logits());
        }
        if (multipliers.logitSoftCap() != 0) {
            step.kernels.softCap(logits.data(), 0, rows * logits.stride(), multipliers.logitSoftCap());
        }
    }

    /** Stops the threads and frees the weights. */
    @Override
    public void close() {
        allThreads.close();
        memory.close();
    }
}
