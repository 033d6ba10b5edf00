package io.karipap.train;

import io.karipap.model.Progress;
import io.karipap.train.Objective.NextToken;
import io.karipap.train.TrainingOptions.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How long a training step of a model takes: forward, backward and update, on random tokens. */
public final class TrainingSpeed implements AutoCloseable {
    private final Trainee trainee;
    private final TorchTransformer model;
    private final ScalarType passes;
    private final Tensor weights;
    private final AdamW optimiser;
    private final int batch;
    private final int sequence;
    private final SplittableRandom random = new SplittableRandom(1);

    /**
     * @param directory Hugging Face or Karipap directory
     * @param batch B
     * @param sequence T
     */
    public TrainingSpeed(Path directory, int batch, int sequence, Precision precision, int threads) throws IOException {
        Torch.load(Progress.NONE);
        torch.set_num_threads(threads);
        this.batch = batch;
        this.sequence = sequence;
        passes = Trainer.type(precision);
        trainee = Trainee.read(directory, null);
        ParameterLayout layout = trainee.layout();
        model = trainee.model(sequence, passes);
        long[] shape = {layout.size()};
        weights = Torch.tensor(trainee.weights(), shape, ScalarType.Float);
        optimiser = new AdamW(
                Torch.tensor(new float[layout.size()], shape, ScalarType.Float),
                Torch.tensor(new float[layout.size()], shape, ScalarType.Float),
                layout.decayed(),
                0.1,
                1);
    }

    /** Takes a step and returns its seconds. */
    public double step() {
        long[] ids = random.longs(
                        (long) batch * (sequence + 1), 0, trainee.config().vocabularySize())
                .toArray();
        long start = System.nanoTime();
        TrainingStep.take(trainee.layout(), model, passes, new NextToken(), weights, optimiser, ids, sequence, 1, 1e-6);
        return (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void close() {
        model.close();
        weights.close();
        optimiser.close();
    }
}
