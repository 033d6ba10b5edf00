package io.karipap.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101) on a flat vector, with the norm of the gradient clipped.
 */
final class AdamW implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.95;
    private static final double EPSILON = 1e-8;

    private final Tensor mean; // [P]
    private final Tensor square; // [P]
    private final long decayed;
    private final double decay;
    private final double clip;

    /**
     * @param mean moment of the gradient [P], changed in place
     * @param square second moment of the gradient [P], changed in place
     * @param decayed how many of the first weights decay
     * @param decay share of the rate by which they do
     * @param clip largest norm of a gradient
     */
    AdamW(Tensor mean, Tensor square, long decayed, double decay, double clip) {
        this.mean = mean;
        this.square = square;
        this.decayed = decayed;
        this.decay = decay;
        this.clip = clip;
    }

    Tensor mean() {
        return mean;
    }

    Tensor square() {
        return square;
    }

    /**
     * Changes the weights; does nothing where the gradient is not finite.
     *
     * @param weights f32 [P]
     * @param gradient f32 [P], changed
     * @param step from 1 on
     * @return the norm of the gradient before clipping
     */
    double update(Tensor weights, Tensor gradient, long step, double rate) {
        double norm = gradient.norm().item_double();
        if (!Double.isFinite(norm)) {
            return norm;
        }
        if (norm > clip) {
            gradient.mul_(new Scalar(clip / norm));
        }
        mean.lerp_(gradient, new Scalar(1 - BETA1));
        square.mul_(new Scalar(BETA2)).addcmul_(gradient, gradient, new Scalar(1 - BETA2));
        weights.narrow(0, 0, decayed).mul_(new Scalar(1 - rate * decay));
        double correction = Math.sqrt(1 - Math.pow(BETA2, step));
        Tensor deviation = square.sqrt().div_(new Scalar(correction)).add_(new Scalar(EPSILON));
        weights.addcdiv_(mean, deviation, new Scalar(-rate / (1 - Math.pow(BETA1, step))));
        return norm;
    }

    @Override
    public void close() {
        mean.close();
        square.close();
    }
}
