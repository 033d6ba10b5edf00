package io.karipap.train;

import io.karipap.kernels.WeightType;
import io.karipap.model.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mixes 8- and 4-bit codes so that a model has an asked size: all matrices and sites get 8 bits, then those 4 whose rounding costs least
 * for the bytes that it saves, each measured alone on a piece of text.
 */
final class BitAllocation {
    private final Trainee trainee;
    private final TorchTransformer model;
    private final ScalarType passes;
    private final Progress progress;

    BitAllocation(Trainee trainee, TorchTransformer model, ScalarType passes, Progress progress) {
        this.trainee = trainee;
        this.model = model;
        this.passes = passes;
        this.progress = progress;
    }

    private record Candidate(int tensor, double nats, long saved) {
        double price() {
            return Math.max(0, nats) / saved;
        }
    }

    /**
     * @param bytes of the file, at most
     * @param ids tokens [B · (T + 1)] to measure on
     * @throws IllegalArgumentException if 4 bits for everything are too many
     */
    ParameterLayout within(long bytes, long[] ids) {
        ParameterLayout layout = trainee.layout();
        for (int i = 0; i < layout.tensors().size(); i++) {
            TrainedTensor tensor = layout.tensors().get(i);
            if (!tensor.isVector() && !tensor.type().quantized()) {
                layout = layout.with(i, WeightType.Q8);
            }
        }
        List<Candidate> candidates = new ArrayList<>();
        try (Tensor weights = Torch.tensor(trainee.weights(), new long[] {layout.size()}, ScalarType.Float)) {
            double before = nats(weights, layout, ids);
            for (int i = 0; i < layout.tensors().size(); i++) {
                ParameterLayout lower = layout.with(i, WeightType.Q4);
                if (layout.tensors().get(i).type() == WeightType.Q8) {
                    candidates.add(
                            new Candidate(i, nats(weights, lower, ids) - before, layout.bytes() - lower.bytes()));
                }
                progress.report("choose bits", i + 1, layout.tensors().size());
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::price));
        for (Candidate candidate : candidates) {
            if (layout.bytes() <= bytes) {
                break;
            }
            layout = layout.with(candidate.tensor(), WeightType.Q4);
            progress.status(String.format(
                    Locale.ROOT,
                    "4 bits for %s: %+.4f nats, %,d bytes less",
                    layout.tensors().get(candidate.tensor()).name(),
                    candidate.nats(),
                    candidate.saved()));
        }
        if (layout.bytes() > bytes) {
            throw new IllegalArgumentException(
                    "the model needs at least " + layout.bytes() + " bytes, more than " + bytes);
        }
        return layout;
    }

    private double nats(Tensor weights, ParameterLayout layout, long[] ids) {
        try (PointerScope _ = new PointerScope()) {
            return model.nats(
                    Gradients.without(() -> Torch.parts(Rounding.asStored(weights, layout, passes), layout)), ids);
        }
    }
}
