package io.karipap.train;

import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.NormConfig;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The norms of a model, of the last dimension of what they are given. */
final class TorchNorms {
    private final ModelConfig config;

    TorchNorms(ModelConfig config) {
        this.config = config;
    }

    /** The norm at a place of a block; x itself where the model has none. */
    Tensor block(Map<String, Tensor> weights, BlockNorm place, int layer, Tensor x) {
        if (!config.norms().places().contains(place)) {
            return x;
        }
        String weight = config.names().norm(place, layer);
        return norm(
                x,
                config.width(place),
                weights.get(weight),
                weights.get(config.names().normBias(place, layer)));
    }

    /** The norm before the head. */
    Tensor last(Map<String, Tensor> weights, Tensor x) {
        Tensor weight = weights.get(config.names().finalNormWeight());
        return norm(x, config.hiddenSize(), weight, weights.get(config.names().finalNormBias()));
    }

    private Tensor norm(Tensor x, int width, Tensor weight, Tensor bias) {
        NormConfig norms = config.norms();
        Tensor whole = norms.weightOffset() == 0 ? weight : weight.add(new Scalar(norms.weightOffset()));
        long[] shape = {width};
        return switch (norms.kind()) {
            case RMS -> torch.rms_norm(x, shape, new TensorOptional(whole), new DoubleOptional(norms.epsilon()));
            case LAYER ->
                torch.layer_norm(x, shape, new TensorOptional(whole), new TensorOptional(bias), norms.epsilon(), false);
        };
    }
}
