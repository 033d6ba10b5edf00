package io.karipap.train;

import io.karipap.model.Progress;
import io.karipap.train.Checkpoint.State;
import io.karipap.train.TrainingOptions.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Trains a model: forward and backward over the weights as they will be stored (rounded to their types, which the gradient ignores: the
 * straight-through estimator of Bengio, Léonard and Courville, arXiv 1308.3432), updates in f32.
 */
final class Trainer implements AutoCloseable {
    /** Steps that the loss in the curve is the mean of. */
    private static final int CURVE_STEPS = 10;

    /** Steps in a row whose gradient may be no number. */
    private static final int MAX_LOST_STEPS = 10;

    private final ParameterLayout layout;
    private final TorchTransformer model;
    private final TrainingTexts texts;
    private final TrainingOptions options;
    private final Progress progress;
    private final Sequences sequences;
    private final RateSchedule schedule;
    private final ScalarType type;

    /**
     * @param model for sequences of {@code options.sequence()} tokens
     */
    Trainer(
            ParameterLayout layout,
            TorchTransformer model,
            TrainingTexts texts,
            TrainingOptions options,
            Progress progress) {
        this.layout = layout;
        this.model = model;
        this.texts = texts;
        this.options = options;
        this.progress = progress;
        this.schedule = options.schedule();
        this.type = type(options.precision());
        this.sequences = new Sequences(
                texts.training(),
                texts.weights(),
                options.sequence(),
                Math.toIntExact(options.steps() * options.batch()),
                options.seed());
    }

    /** LibTorch's name of a precision. */
    static ScalarType type(Precision precision) {
        return precision == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    }

    /**
     * Trains, and returns the weights that were best on the validation texts, the first ones included.
     *
     * @param run what this is a run of; a checkpoint of another is refused
     * @param first weights to begin with [P]
     */
    Checkpoint train(String run, float[] first, Objective objective) throws IOException {
        Files.createDirectories(options.checkpoints());
        torch.set_num_threads(options.threads());
        Optional<Checkpoint> found = Checkpoint.latest(options.checkpoints(), run);
        Checkpoint start = found.orElse(new Checkpoint(
                new State(run, 0, 0, Double.NaN, 0), first, new float[first.length], new float[first.length], first));
        LossCurve curve = new LossCurve(
                options.checkpoints(), found.isPresent() ? start.state().step() : -1);
        long[] shape = {layout.size()};
        try (Tensor weights = Torch.tensor(start.weights(), shape, ScalarType.Float);
                AdamW optimiser = new AdamW(
                        Torch.tensor(start.mean(), shape, ScalarType.Float),
                        Torch.tensor(start.square(), shape, ScalarType.Float),
                        layout.decayed(),
                        options.decay(),
                        options.clip())) {
            return new Run(run, start, weights, optimiser, curve, objective).run(found.isEmpty());
        }
    }

    /** One run, from a checkpoint on. */
    private final class Run {
        private final String name;
        private final Tensor weights;
        private final AdamW optimiser;
        private final LossCurve curve;
        private final Objective objective;
        private final long perStep = (long) options.batch() * options.sequence();
        private State state;
        private float[] best;
        private int lost;

        Run(String name, Checkpoint start, Tensor weights, AdamW optimiser, LossCurve curve, Objective objective) {
            this.name = name;
            this.state = start.state();
            this.best = start.best();
            this.weights = weights;
            this.optimiser = optimiser;
            this.curve = curve;
            this.objective = objective;
        }

        Checkpoint run(boolean fresh) throws IOException {
            long steps = options.steps();
            if (fresh) {
                validate(0);
            }
            double loss = 0;
            double norm = 0;
            int summed = 0;
            long since = System.nanoTime();
            for (long step = state.step() + 1; step <= steps && !isExhausted(step); step++) {
                TrainingStep taken = take(step);
                loss += taken.loss();
                norm += taken.gradientNorm();
                summed++;
                if (step % CURVE_STEPS == 0 || step == steps) {
                    double speed = summed * perStep * 1e9 / (System.nanoTime() - since);
                    curve.training(step, step * perStep, loss / summed, schedule.rate(step), norm / summed, speed);
                    progress.status(String.format(
                            Locale.ROOT,
                            "loss %.3f, best %.3f, %.0f tokens/s",
                            loss / summed,
                            state.bestNats(),
                            speed));
                    loss = 0;
                    norm = 0;
                    summed = 0;
                    since = System.nanoTime();
                }
                state = new State(name, step, state.firstNats(), state.bestNats(), state.bestStep());
                if (step % options.validateEvery() == 0 || step == steps) {
                    validate(step);
                    since = System.nanoTime();
                }
                if (step % options.checkpointEvery() == 0 || step == steps) {
                    checkpoint().write(options.checkpoints());
                }
                progress.report("train", step * perStep, steps * perStep);
            }
            curve.plot(options.checkpoints().resolve(LossCurve.PLOT));
            return checkpoint();
        }

        private boolean isExhausted(long step) {
            return (step - 1 - state.bestStep()) / options.validateEvery() >= options.patience();
        }

        private Checkpoint checkpoint() {
            return new Checkpoint(
                    state,
                    Torch.floats(weights),
                    Torch.floats(optimiser.mean()),
                    Torch.floats(optimiser.square()),
                    best);
        }

        private TrainingStep take(long step) {
            long[] ids = sequences.batch(Math.toIntExact((step - 1) * options.batch()), options.batch());
            TrainingStep taken = TrainingStep.take(
                    layout,
                    model,
                    type,
                    objective,
                    weights,
                    optimiser,
                    ids,
                    options.sequence(),
                    step,
                    schedule.rate(step));
            lost = Double.isFinite(taken.gradientNorm()) ? 0 : lost + 1;
            if (lost > MAX_LOST_STEPS) {
                throw new IllegalStateException("the gradient was not finite for " + lost + " steps; try a lower rate");
            }
            return taken;
        }

        private void validate(long step) throws IOException {
            Map<String, Double> byText = Trainer.this.validate(weights);
            double nats = byText.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
            curve.validation(step, step * perStep, nats, byText);
            progress.status(String.format(Locale.ROOT, "step %d: validation %.4f %s", step, nats, byText));
            if (!(nats >= state.bestNats())) {
                best = Torch.floats(weights);
                state = new State(name, step, step == 0 ? nats : state.firstNats(), nats, step);
            }
        }
    }

    /** Nats per token of the validation texts, in windows of T that do not overlap, by name. */
    private Map<String, Double> validate(Tensor weights) {
        Map<String, Double> nats = new LinkedHashMap<>();
        try (PointerScope _ = new PointerScope()) {
            Map<String, Tensor> stored =
                    Gradients.without(() -> Torch.parts(Rounding.asStored(weights, layout, type), layout));
            for (TokenText text : texts.validation()) {
                nats.put(text.name(), validate(stored, text));
            }
        }
        return nats;
    }

    private double validate(Map<String, Tensor> stored, TokenText text) {
        int length = options.sequence();
        int windows = Math.min(text.ids().length - 1, options.validationTokens()) / length;
        if (windows == 0) {
            throw new IllegalArgumentException(
                    text.name() + " or the part of it that is measured is shorter than a sequence of " + length);
        }
        double sum = 0;
        for (int first = 0; first < windows; first += options.batch()) {
            int count = Math.min(options.batch(), windows - first);
            long[] ids = new long[count * (length + 1)];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = text.ids()[(first + i / (length + 1)) * length + i % (length + 1)];
            }
            sum += count * model.nats(stored, ids);
        }
        return sum / windows;
    }

    @Override
    public void close() {
        model.close();
    }
}
