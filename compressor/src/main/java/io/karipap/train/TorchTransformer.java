package io.karipap.train;

import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.MlpConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Multipliers;
import io.karipap.model.config.NormConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.Rope;
import io.karipap.model.config.TensorNames;
import io.karipap.network.TensorNetwork;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The forward pass of the runtime's {@link io.karipap.model.Transformer}, in operations that LibTorch can differentiate. Made for sequences of
 * one length.
 */
final class TorchTransformer implements AutoCloseable {
    private final ModelConfig config;
    private final TensorNames names;
    private final Map<String, TensorNetwork> networks;
    private final Map<String, TorchContraction> operators = new HashMap<>();
    private final int length;
    private final ScalarType type;
    private final Tensor cos; // [T, 1, H]
    private final Tensor sin;
    private final Tensor halves; // [H, H], x·halves = (−x₂, x₁)
    private final Tensor mask; // [Q/G·T, T], 0 or −∞

    /**
     * @param networks of every operator
     * @param length T
     * @param type of activations and weights
     */
    TorchTransformer(ModelConfig config, Map<String, TensorNetwork> networks, int length, ScalarType type) {
        this.config = config;
        this.names = config.names();
        this.networks = networks;
        this.length = length;
        this.type = type;
        networks.forEach((name, network) -> operators.put(name, new TorchContraction(network)));
        Rope rope = requireSupported(config);
        int h = config.headDim();
        float[] c = new float[length * h];
        float[] s = new float[length * h];
        for (int i = 0; i < h; i++) {
            double frequency = rope.frequency(i % (h / 2));
            for (int t = 0; t < length; t++) {
                c[t * h + i] = (float) Math.cos(t * frequency);
                s[t * h + i] = (float) Math.sin(t * frequency);
            }
        }
        float[] turn = new float[h * h];
        for (int i = 0; i < h / 2; i++) {
            turn[(i + h / 2) * h + i] = -1;
            turn[i * h + i + h / 2] = 1;
        }
        int group = config.heads() / config.kvHeads();
        float[] future = new float[group * length * length];
        for (int row = 0; row < group * length; row++) {
            for (int t = row % length + 1; t < length; t++) {
                future[row * length + t] = Float.NEGATIVE_INFINITY;
            }
        }
        cos = constant(c, length, 1, h);
        sin = constant(s, length, 1, h);
        halves = constant(turn, h, h);
        mask = constant(future, group * length, length);
    }

    /**
     * How all blocks turn queries and keys.
     *
     * @throws IllegalArgumentException if the model has parts that are computed by the runtime, but not here
     */
    private static Rope requireSupported(ModelConfig config) {
        List<Rope> ropes = config.ropes();
        require(
                config.norms().kind() == NormConfig.Kind.RMS && config.norms().weightOffset() == 0,
                "other norms than Llama's");
        require(
                config.norms().places().equals(EnumSet.of(BlockNorm.BEFORE_ATTENTION, BlockNorm.BEFORE_MLP)),
                "norms in other places than Llama's");
        require(
                config.mlp().equals(new MlpConfig(MlpConfig.Activation.SILU, true)),
                "another MLP than a gated one with SiLU");
        require(
                config.attention().equals(AttentionConfig.of(config.heads(), config.kvHeads(), config.headDim())),
                "attention with a scale or a cap of its own");
        require(config.multipliers().equals(Multipliers.NONE), "multipliers");
        for (int layer = 0; layer < config.layers(); layer++) {
            LayerConfig block = config.layer(layer);
            require(block.window() == LayerConfig.EVERYTHING, "attention over a window");
            require(
                    ropes.size() == 1 && block.rope().isPresent(),
                    "blocks that turn queries and keys in different ways");
        }
        require(ropes.getFirst().dimensions() == config.headDim(), "heads that turn only in part");
        return ropes.getFirst();
    }

    private static void require(boolean supported, String what) {
        if (!supported) {
            throw new IllegalArgumentException("the model has " + what + ", which training does not compute yet");
        }
    }

    private Tensor constant(float[] values, long... shape) {
        return Torch.tensor(values, shape, type);
    }

    /** The networks of all operators of a model: those given, and a dense one for every other. */
    static Map<String, TensorNetwork> networks(ModelConfig config, Map<String, TensorNetwork> given) {
        Map<String, TensorNetwork> all = new LinkedHashMap<>();
        for (OperatorShape shape : config.operators()) {
            TensorNetwork network =
                    given.getOrDefault(shape.name(), TensorNetwork.dense(shape.name(), shape.out(), shape.in()));
            if (network.out() != shape.out() || network.in() != shape.in()) {
                throw new IllegalArgumentException("operator \"" + shape.name() + "\" is " + network.out() + "×"
                        + network.in() + ", expected " + shape.out() + "×" + shape.in());
            }
            all.put(shape.name(), network);
        }
        return all;
    }

    /**
     * Logits of the tokens that follow every one.
     *
     * @param weights all tensors by name
     * @param ids int64 [B, T]
     * @return [N, V]
     */
    Tensor logits(Map<String, Tensor> weights, Tensor ids) {
        long b = ids.size(0);
        Tensor x = embedding(weights).index_select(0, ids.reshape(-1));
        for (int layer = 0; layer < config.layers(); layer++) {
            Tensor a = norm(x, weights.get(names.norm(BlockNorm.BEFORE_ATTENTION, layer)));
            x = x.add(attention(weights, layer, a, b));
            Tensor m = norm(x, weights.get(names.norm(BlockNorm.BEFORE_MLP, layer)));
            Tensor gate = projected(weights, Linear.GATE, layer, m);
            Tensor up = projected(weights, Linear.UP, layer, m);
            x = x.add(projected(weights, Linear.DOWN, layer, torch.silu(gate).mul(up)));
        }
        Tensor last = norm(x, weights.get(names.finalNormWeight()));
        return apply(weights, config.head(), last);
    }

    /**
     * How well a text is predicted, without recording what was computed.
     *
     * @param tokens [B · (T + 1)]
     * @return nats per token, the mean of all
     */
    double nats(Map<String, Tensor> weights, long[] tokens) {
        try (PointerScope _ = new PointerScope()) {
            return Gradients.without(() -> {
                Tensor all = Torch.tensor(tokens, tokens.length / (length + 1), length + 1);
                Tensor logits = logits(weights, all.narrow(1, 0, length).contiguous());
                return torch.cross_entropy_loss(
                                logits.to(ScalarType.Float),
                                all.narrow(1, 1, length).reshape(-1))
                        .item_double();
            });
        }
    }

    private Tensor apply(Map<String, Tensor> weights, String operator, Tensor x) {
        return operators.get(operator).apply(x, weights);
    }

    /** The matrix [V, D]: a batch looks up more rows than its factors have. */
    private Tensor embedding(Map<String, Tensor> weights) {
        if (networks.get(names.embedding()).sites().size() == 1) {
            return weights.get(names.embedding());
        }
        Tensor identity = torch.eye(config.hiddenSize()).to(type);
        return apply(weights, names.embedding(), identity).t();
    }

    private Tensor norm(Tensor x, Tensor weight) {
        return torch.rms_norm(
                x,
                new long[] {config.hiddenSize()},
                new TensorOptional(weight),
                new DoubleOptional(config.norms().epsilon()));
    }

    private Tensor attention(Map<String, Tensor> weights, int layer, Tensor x, long b) {
        long g = config.kvHeads();
        long group = config.heads() / g;
        long h = config.headDim();
        Tensor q = turned(projected(weights, Linear.Q, layer, x).view(b, length, config.heads(), h));
        Tensor k = turned(projected(weights, Linear.K, layer, x).view(b, length, g, h));
        Tensor v = projected(weights, Linear.V, layer, x).view(b, length, g, h);
        Tensor queries = q.permute(0, 2, 1, 3).reshape(b * g, group * length, h);
        Tensor keys = k.permute(0, 2, 3, 1).reshape(b * g, h, length);
        Tensor values = v.permute(0, 2, 1, 3).reshape(b * g, length, h);
        Tensor scores = torch.baddbmm(mask, queries, keys, new Scalar(1), new Scalar(1 / Math.sqrt(h)));
        Tensor mixed = scores.softmax(-1).bmm(values);
        Tensor out =
                mixed.view(b, config.heads(), length, h).permute(0, 2, 1, 3).reshape(b * length, config.heads() * h);
        return projected(weights, Linear.O, layer, out);
    }

    private Tensor projected(Map<String, Tensor> weights, Linear linear, int layer, Tensor x) {
        Tensor y = apply(weights, names.weight(linear, layer), x);
        return config.biases().contains(linear) ? y.add(weights.get(names.bias(linear, layer))) : y;
    }

    private Tensor turned(Tensor heads) {
        return torch.addcmul(heads.mul(cos), heads.matmul(halves), sin);
    }

    @Override
    public void close() {
        cos.close();
        sin.close();
        halves.close();
        mask.close();
    }
}
