package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.model.config.Input;
import io.karipap.model.config.MlpConfig;

/** The MLP of a block: down(f(gate(x)) ⊙ up(x)), or down(f(up(x))) where it has no gate. */
final class MlpPart implements HalfBlock.Part {
    private final int layer;
    private final MlpConfig config;
    private final Projection in;
    private final Projection down;
    private final ActivationLoop activationLoop = new ActivationLoop();

    /**
     * @param layer the block
     * @param in gate and up, or up alone
     */
    MlpPart(int layer, MlpConfig config, Projection in, Projection down) {
        this.layer = layer;
        this.config = config;
        this.in = in;
        this.down = down;
    }

    @Override
    public void compute(Step step, Rows x) {
        Activations a = step.activations;
        step.observe(layer, Input.MLP, x, step.rows, x.stride());
        in.apply(step, x, a.gateUp());
        activationLoop.step = step;
        activationLoop.over(step.rows, a.gate.stride(), step.team);
        step.observe(layer, Input.MLP_OUTPUT, a.gate, step.rows, a.gate.stride());
        down.apply(step, a.gate, a.halfAlone());
    }

    private final class ActivationLoop extends RowLoop {
        private Step step;

        @Override
        void row(int m) {
            Rows gate = step.activations.gate;
            Rows up = step.activations.up;
            Kernels kernels = step.kernels;
            switch (config.activation()) {
                case SILU -> kernels.siluGate(gate.data(), gate.at(m), up.data(), up.at(m), gate.stride());
                case GELU_TANH -> {
                    kernels.gelu(gate.data(), gate.at(m), gate.stride());
                    if (config.gated()) {
                        kernels.multiply(up.data(), up.at(m), gate.data(), gate.at(m), gate.stride());
                    }
                }
            }
        }
    }
}
