package io.karipap.model;

import io.karipap.kernels.Rows;
import io.karipap.model.config.Input;

/** The gated MLP of a block: down(silu(gate(x)) ⊙ up(x)). */
final class MlpPart implements HalfBlock.Part {
    private final int layer;
    private final Projection gateUp;
    private final Projection down;
    private final GateLoop gateLoop = new GateLoop();

    /**
     * @param layer the block
     * @param gateUp gate and up
     */
    MlpPart(int layer, Projection gateUp, Projection down) {
        this.layer = layer;
        this.gateUp = gateUp;
        this.down = down;
    }

    @Override
    public void compute(Step step, Rows x) {
        Activations a = step.activations;
        step.observe(layer, Input.MLP, x, step.rows, x.stride());
        gateUp.apply(step, x, a.gateUp());
        gateLoop.step = step;
        gateLoop.over(step.rows, a.gate.stride(), step.team);
        step.observe(layer, Input.MLP_OUTPUT, a.gate, step.rows, a.gate.stride());
        down.apply(step, a.gate, a.halfAlone());
    }

    private static final class GateLoop extends RowLoop {
        private Step step;

        @Override
        void row(int m) {
            Activations a = step.activations;
            step.kernels.siluGate(a.gate.data(), a.gate.at(m), a.up.data(), a.up.at(m), a.gate.stride());
        }
    }
}
