package io.karipap.train;

import io.karipap.kernels.Quantizer;
import io.karipap.kernels.WeightType;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rounds weights to the values that their stored type can hold, as {@link Quantizer} does. */
final class Rounding {
    private static final float[] SHRINK = Quantizer.shrink();

    private Rounding() {}

    /**
     * The nearest values of a type.
     *
     * @param weights f32; groups of codes run along the last dimension
     */
    static Tensor rounded(Tensor weights, WeightType type) {
        return switch (type) {
            case F32 -> weights;
            case BF16 -> weights.to(ScalarType.BFloat16).to(ScalarType.Float);
            case F16 -> weights.to(ScalarType.Half).to(ScalarType.Float);
            case A8, A4, A4_16, S8_16 -> throw new IllegalArgumentException("nothing is rounded to " + type);
            case Q8, Q4 -> {
                long columns = weights.size(-1);
                long rows = weights.numel() / columns;
                long padded = WeightType.groups(columns) * WeightType.GROUP;
                Tensor matrix = weights.reshape(rows, columns);
                Tensor groups = (padded == columns ? matrix : torch.constant_pad_nd(matrix, 0, padded - columns))
                        .view(-1, WeightType.GROUP);
                Tensor codes = type == WeightType.Q8 ? rounded8(groups) : rounded4(groups);
                yield codes.view(rows, padded).narrow(1, 0, columns).reshape(weights.sizes());
            }
        };
    }

    /**
     * A model's weights as the passes see them: every tensor rounded to its stored type.
     *
     * @param weights f32 [P]
     * @param passes what the passes compute in
     * @return [P] of that type
     */
    static Tensor asStored(Tensor weights, ParameterLayout layout, ScalarType passes) {
        if (layout.tensors().stream().noneMatch(tensor -> isCoarser(tensor.type(), passes))) {
            return weights.to(passes, false, true, null);
        }
        TensorVector parts = weights.split_with_sizes(layout.sizes());
        TensorVector seen = new TensorVector();
        for (int i = 0; i < parts.size(); i++) {
            TrainedTensor tensor = layout.tensors().get(i);
            seen.push_back(
                    isCoarser(tensor.type(), passes)
                            ? rounded(parts.get(i).view(tensor.dimensions()), tensor.type())
                                    .reshape(-1)
                            : parts.get(i));
        }
        return torch.cat(seen).to(passes);
    }

    private static boolean isCoarser(WeightType stored, ScalarType passes) {
        return switch (stored) {
            case F32 -> false;
            case BF16 -> passes == ScalarType.Float;
            case F16, Q8, Q4, A8, A4, A4_16, S8_16 -> true;
        };
    }

    private static Tensor rounded8(Tensor groups) {
        Tensor largest = groups.abs().amax(new long[] {1}, true);
        return rounded(groups, largest.div(new Scalar(127f)), -127, 127);
    }

    private static Tensor rounded4(Tensor groups) {
        Tensor at = groups.abs().argmax(new org.bytedeco.pytorch.LongOptional(1), true);
        Tensor largest = groups.gather(1, at);
        Tensor best = null;
        Tensor least = null;
        for (float shrink : SHRINK) {
            Tensor scale = largest.mul(new Scalar(shrink)).div(new Scalar(-8f));
            Tensor candidate = rounded(groups, scale, -8, 7);
            Tensor error = candidate.sub(groups).square().sum(new long[] {1}, true, null);
            if (best == null) {
                best = candidate;
                least = error;
            } else {
                Tensor better = error.lt(least);
                best = torch.where(better, candidate, best);
                least = torch.minimum(error, least);
            }
        }
        return best;
    }

    private static Tensor rounded(Tensor groups, Tensor wanted, int lowest, int highest) {
        Tensor scale = wanted.to(ScalarType.Half).to(ScalarType.Float);
        Tensor inverse = scale.reciprocal().masked_fill(scale.eq(new Scalar(0f)), new Scalar(0f));
        return groups.mul(inverse)
                .add_(new Scalar(0.5f))
                .floor_()
                .clamp_(new ScalarOptional(new Scalar(lowest)), new ScalarOptional(new Scalar(highest)))
                .mul_(scale);
    }
}
