package io.karipap.train;

import java.nio.file.Path;

/**
 * How a model is trained.
 *
 * @param tokens seen in all
 * @param batch B, sequences of a step
 * @param sequence T, tokens of a sequence
 * @param rate peak learning rate
 * @param warmUp share of the steps in which the rate rises
 * @param lastRate share of the peak that is left at the end
 * @param decay weight decay of matrices and sites
 * @param clip largest norm of a gradient
 * @param seed of the order of sequences and of random weights
 * @param precision of the forward and the backward pass
 * @param validationTokens of every validation text, at most
 * @param validateEvery steps between validations
 * @param patience validations without a new lowest loss after which the run ends
 * @param checkpointEvery steps between checkpoints
 * @param checkpoints folder for checkpoints and the loss curve
 * @param threads of LibTorch
 */
public record TrainingOptions(
        long tokens,
        int batch,
        int sequence,
        double rate,
        double warmUp,
        double lastRate,
        double decay,
        double clip,
        long seed,
        Precision precision,
        int validationTokens,
        int validateEvery,
        int patience,
        int checkpointEvery,
        Path checkpoints,
        int threads) {
    /** What the passes compute in. */
    public enum Precision {
        F32,
        BF16
    }

    /** @throws IllegalArgumentException if a number is out of range */
    public TrainingOptions {
        require(tokens > 0, "tokens", tokens);
        require(batch > 0, "batch", batch);
        require(sequence > 0, "sequence", sequence);
        require(rate > 0, "rate", rate);
        require(warmUp >= 0 && warmUp <= 1, "warm-up", warmUp);
        require(lastRate >= 0 && lastRate <= 1, "last rate", lastRate);
        require(decay >= 0, "weight decay", decay);
        require(clip > 0, "clip", clip);
        require(validationTokens > 0, "validation tokens", validationTokens);
        require(validateEvery > 0, "validate every", validateEvery);
        require(patience > 0, "patience", patience);
        require(checkpointEvery > 0, "checkpoint every", checkpointEvery);
    }

    private static void require(boolean holds, String name, Number value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", out of range");
        }
    }

    /** Steps in all. */
    long steps() {
        return Math.max(1, tokens / ((long) batch * sequence));
    }

    RateSchedule schedule() {
        long steps = steps();
        return new RateSchedule(rate, Math.round(warmUp * steps), steps, lastRate);
    }
}
