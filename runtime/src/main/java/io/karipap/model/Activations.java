package io.karipap.model;

import io.karipap.kernels.Rows;
import io.karipap.model.config.ModelConfig;

/** Buffers for a step of up to {@link #rows} rows; those of attention are {@link Attention}'s. */
final class Activations {
    final int rows;
    final int logitsRows;
    /** The residual stream [M, D]. */
    final Rows residual;
    /** What flows into a half block, and then what comes out of it [M, D]. */
    final Rows half;
    /** Of the MLP, [M, F]: the gate, or what an MLP without one computes first; the result of the activation as well. */
    final Rows gate;

    final Rows up;
    /** [logitsRows, V]. */
    final Rows logits;

    private final Rows[] gateUp;
    private final Rows[] halfAlone;

    Activations(ModelConfig config, int rows, int logitsRows) {
        this.rows = rows;
        this.logitsRows = logitsRows;
        residual = Rows.allocate(rows, config.hiddenSize());
        half = Rows.allocate(rows, config.hiddenSize());
        gate = Rows.allocate(rows, config.intermediateSize());
        up = Rows.allocate(rows, config.intermediateSize());
        logits = Rows.allocate(logitsRows, config.vocabularySize());
        gateUp = new Rows[] {gate, up};
        halfAlone = new Rows[] {half};
    }

    /** {@link #gate} and {@link #up}, the results of a group. */
    Rows[] gateUp() {
        return gateUp;
    }

    /** {@link #half}, the result of a group of one. */
    Rows[] halfAlone() {
        return halfAlone;
    }
}
