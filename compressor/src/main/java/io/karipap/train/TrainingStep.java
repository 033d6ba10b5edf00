package io.karipap.train;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a step saw.
 *
 * @param loss of the batch, nats per token
 * @param gradientNorm before clipping
 */
record TrainingStep(double loss, double gradientNorm) {
    /**
     * Forward and backward over the weights as they are stored, update of the weights themselves.
     *
     * @param weights f32 [P], changed
     * @param ids tokens [B · (T + 1)]
     * @param sequence T
     * @param step from 1 on
     */
    static TrainingStep take(
            ParameterLayout layout,
            TorchTransformer model,
            ScalarType passes,
            Objective objective,
            Tensor weights,
            AdamW optimiser,
            long[] ids,
            int sequence,
            long step,
            double rate) {
        try (PointerScope _ = new PointerScope()) {
            Tensor all = Torch.tensor(ids, ids.length / (sequence + 1), sequence + 1);
            Tensor seen = all.narrow(1, 0, sequence).contiguous();
            Tensor targets = all.narrow(1, 1, sequence).reshape(-1);
            Tensor stored = Gradients.without(() -> Rounding.asStored(weights, layout, passes))
                    .detach()
                    .requires_grad_(true);
            Tensor loss = objective.loss(model.logits(Torch.parts(stored, layout), seen), seen, targets);
            loss.backward();
            double norm = Gradients.without(
                    () -> optimiser.update(weights, stored.grad().to(ScalarType.Float), step, rate));
            return new TrainingStep(loss.item_double(), norm);
        }
    }
}
