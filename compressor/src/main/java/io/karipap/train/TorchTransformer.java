package io.karipap.train;

import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Multipliers;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.Rope;
import io.karipap.model.config.TensorNames;
import io.karipap.network.TensorNetwork;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The forward pass of the runtime's {@link io.karipap.model.Transformer}, in operations that LibTorch can differentiate. Made for sequences of
 * one length.
 */
final class TorchTransformer implements AutoCloseable {
    private final ModelConfig config;
    private final TensorNames names;
    private final TorchNorms norms;
    private final Map<String, TensorNetwork> networks;
    private final Map<String, TorchContraction> operators = new HashMap<>();
    private final int length;
    private final ScalarType type;
    private final Map<Rope, TorchRope> ropes = new HashMap<>();
    private final Map<Integer, Tensor> masks = new HashMap<>(); // by window, [Q/G·T, T], 0 or −∞

    /**
     * @param networks of every operator
     * @param length T
     * @param type of activations and weights
     */
    TorchTransformer(ModelConfig config, Map<String, TensorNetwork> networks, int length, ScalarType type) {
        this.config = config;
        this.names = config.names();
        this.norms = new TorchNorms(config);
        this.networks = networks;
        this.length = length;
        this.type = type;
        networks.forEach((name, network) -> operators.put(name, new TorchContraction(network)));
        for (Rope rope : config.ropes()) {
            ropes.put(rope, new TorchRope(rope, config.maxPositions(), config.headDim(), length, type));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            masks.computeIfAbsent(config.layer(layer).window(), this::mask);
        }
    }

    private Tensor mask(int window) {
        int group = config.heads() / config.kvHeads();
        float[] hidden = new float[group * length * length];
        for (int row = 0; row < group * length; row++) {
            int position = row % length;
            for (int t = 0; t < length; t++) {
                if (t > position || t <= position - window) {
                    hidden[row * length + t] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        return Torch.tensor(hidden, new long[] {group * length, length}, type);
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
        Multipliers multipliers = config.multipliers();
        Tensor x = scaled(embedding(weights).index_select(0, ids.reshape(-1)), multipliers.embedding());
        if (config.positions().isPresent()) {
            Tensor table = weights.get(config.positions().get().name()).narrow(0, 0, length);
            x = x.add(table.repeat(b, 1));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            Tensor a = attention(weights, layer, norms.block(weights, BlockNorm.BEFORE_ATTENTION, layer, x), b);
            a = norms.block(weights, BlockNorm.AFTER_ATTENTION, layer, a);
            x = x.add(scaled(a, multipliers.residual()));
            Tensor m = mlp(weights, layer, norms.block(weights, BlockNorm.BEFORE_MLP, layer, x));
            m = norms.block(weights, BlockNorm.AFTER_MLP, layer, m);
            x = x.add(scaled(m, multipliers.residual()));
        }
        Tensor logits = scaled(apply(weights, config.head(), norms.last(weights, x)), multipliers.logits());
        return capped(logits, multipliers.logitSoftCap());
    }

    private static Tensor scaled(Tensor x, float factor) {
        return factor == 1 ? x : x.mul(new Scalar(factor));
    }

    private static Tensor capped(Tensor x, float cap) {
        return cap == 0 ? x : x.div(new Scalar(cap)).tanh().mul(new Scalar(cap));
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

    private Tensor mlp(Map<String, Tensor> weights, int layer, Tensor x) {
        Tensor up = projected(weights, Linear.UP, layer, x);
        Tensor gate = config.mlp().gated() ? projected(weights, Linear.GATE, layer, x) : up;
        Tensor active =
                switch (config.mlp().activation()) {
                    case SILU -> torch.silu(gate);
                    case GELU_TANH -> torch.gelu(gate, new BytePointer("tanh"));
                };
        return projected(weights, Linear.DOWN, layer, config.mlp().gated() ? active.mul(up) : active);
    }

    private Tensor attention(Map<String, Tensor> weights, int layer, Tensor x, long b) {
        long g = config.kvHeads();
        long group = config.heads() / g;
        long h = config.headDim();
        Tensor q = heads(weights, Linear.Q, BlockNorm.QUERY, layer, x).view(b, length, config.heads(), h);
        Tensor k = heads(weights, Linear.K, BlockNorm.KEY, layer, x).view(b, length, g, h);
        Tensor v = projected(weights, Linear.V, layer, x).view(b, length, g, h);
        Optional<Rope> rope = config.layer(layer).rope();
        if (rope.isPresent()) {
            q = ropes.get(rope.get()).turned(q);
            k = ropes.get(rope.get()).turned(k);
        }
        Tensor queries = q.permute(0, 2, 1, 3).reshape(b * g, group * length, h);
        Tensor keys = k.permute(0, 2, 3, 1).reshape(b * g, h, length);
        Tensor values = v.permute(0, 2, 1, 3).reshape(b * g, length, h);
        Tensor mixed = scores(queries, keys, masks.get(config.layer(layer).window()))
                .softmax(-1)
                .bmm(values);
        Tensor out =
                mixed.view(b, config.heads(), length, h).permute(0, 2, 1, 3).reshape(b * length, config.heads() * h);
        return projected(weights, Linear.O, layer, out);
    }

    private Tensor scores(Tensor queries, Tensor keys, Tensor mask) {
        Scalar scale = new Scalar(config.attention().scale());
        float cap = config.attention().softCap();
        return cap == 0
                ? torch.baddbmm(mask, queries, keys, new Scalar(1), scale)
                : capped(queries.bmm(keys).mul(scale), cap).add(mask);
    }

    /** Queries or keys with their norm, of every head or of all together. */
    private Tensor heads(Map<String, Tensor> weights, Linear linear, BlockNorm norm, int layer, Tensor x) {
        Tensor y = projected(weights, linear, layer, x);
        int width = config.width(norm);
        return norms.block(weights, norm, layer, y.view(y.numel() / width, width));
    }

    private Tensor projected(Map<String, Tensor> weights, Linear linear, int layer, Tensor x) {
        Tensor y = apply(weights, names.weight(linear, layer), x);
        return config.biases().contains(linear) ? y.add(weights.get(names.bias(linear, layer))) : y;
    }

    @Override
    public void close() {
        ropes.values().forEach(TorchRope::close);
        masks.values().forEach(Tensor::close);
    }
}
