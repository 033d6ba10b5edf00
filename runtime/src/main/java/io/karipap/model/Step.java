package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.config.Input;
import io.karipap.network.Scratch;

/** What the parts of a model share while they compute a step: the batch, the buffers, and who computes. */
final class Step {
    final Attention attention;
    final Scratch scratch = new Scratch();
    private final NormLoop normLoop = new NormLoop();
    Batch batch;
    int rows;
    Activations activations;
    Kernels kernels;
    WorkerTeam team;
    private ActivationObserver observer;

    Step(Attention attention) {
        this.attention = attention;
    }

    /** {@code by}, if not null, sees what flows into every operator. */
    void observedBy(ActivationObserver by) {
        observer = by;
    }

    void observe(int layer, Input input, Rows x, int count, int width) {
        if (observer != null) {
            observer.observe(layer, input, x, count, width);
        }
    }

    /** The norm of every row of x, or of every part of a row that is as long as the norm, written to y, which may be x. */
    void norm(Norm norm, Rows x, Rows y) {
        normLoop.norm = norm;
        normLoop.x = x;
        normLoop.y = y;
        normLoop.over(rows, x.stride(), team);
    }

    private final class NormLoop extends RowLoop {
        private Norm norm;
        private Rows x;
        private Rows y;

        @Override
        void row(int m) {
            for (int at = 0; at < x.stride(); at += norm.width()) {
                norm.apply(kernels, x.data(), x.at(m) + at, y.data(), y.at(m) + at);
            }
        }
    }
}
