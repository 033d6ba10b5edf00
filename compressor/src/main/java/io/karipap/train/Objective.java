package io.karipap.train;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What is minimised. */
sealed interface Objective {
    /**
     * The loss to differentiate, nats per token.
     *
     * @param logits [N, V]
     * @param ids int64 [B, T], what the model saw
     * @param targets int64 [N], what followed
     */
    Tensor loss(Tensor logits, Tensor ids, Tensor targets);

    /** Cross-entropy with the text. */
    record NextToken() implements Objective {
        @Override
        public Tensor loss(Tensor logits, Tensor ids, Tensor targets) {
            return torch.cross_entropy_loss(logits.to(ScalarType.Float), targets);
        }
    }

    /**
     * The Kullback–Leibler divergence from a teacher at a temperature, times the temperature squared, and cross-entropy with the text
     * (Hinton, Vinyals and Dean, arXiv 1503.02531).
     *
     * @param weights of the teacher, by name
     * @param share of the divergence; the rest is cross-entropy
     */
    record Distillation(TorchTransformer teacher, Map<String, Tensor> weights, double temperature, double share)
            implements Objective {
        @Override
        public Tensor loss(Tensor logits, Tensor ids, Tensor targets) {
            Tensor student = logits.to(ScalarType.Float);
            Tensor taught = Gradients.without(() -> teacher.logits(weights, ids)
                    .to(ScalarType.Float)
                    .div_(new Scalar(temperature))
                    .log_softmax(-1));
            Tensor learned = (temperature == 1 ? student : student.div(new Scalar(temperature))).log_softmax(-1);
            double perRow = temperature * temperature / targets.numel();
            Tensor divergence = taught.exp().mul(taught.sub(learned)).sum().mul(new Scalar(share * perRow));
            if (share == 1) {
                return divergence;
            }
            Tensor entropy =
                    temperature == 1 ? torch.nll_loss(learned, targets) : torch.cross_entropy_loss(student, targets);
            return divergence.add(entropy, new Scalar(1 - share));
        }
    }
}
