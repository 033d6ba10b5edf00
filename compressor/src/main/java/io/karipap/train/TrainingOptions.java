package io.karipap.train;

import java.nio.file.Path;

/** How a model is trained. Immutable. */
public final class TrainingOptions {
    private final Builder built;

    private TrainingOptions(Builder builder) {
        built = new Builder(builder);
    }

    /**
     * The defaults of {@code karipap train}.
     *
     * @param checkpoints folder for checkpoints and the loss curve
     */
    public static Builder into(Path checkpoints) {
        return new Builder(checkpoints);
    }

    /** What the passes compute in. */
    public enum Precision {
        F32,
        BF16
    }

    /** Folder for checkpoints and the loss curve. */
    public Path checkpoints() {
        return built.checkpoints;
    }

    /** Seen in all. */
    public long tokens() {
        return built.tokens;
    }

    /** B, sequences of a step. */
    public int batch() {
        return built.batch;
    }

    /** T, tokens of a sequence. */
    public int sequence() {
        return built.sequence;
    }

    /** Peak learning rate. */
    public double rate() {
        return built.rate;
    }

    /** Share of the steps in which the rate rises. */
    public double warmUp() {
        return built.warmUp;
    }

    /** Share of the peak that is left at the end. */
    public double lastRate() {
        return built.lastRate;
    }

    /** Weight decay of matrices and sites. */
    public double decay() {
        return built.decay;
    }

    /** Largest norm of a gradient. */
    public double clip() {
        return built.clip;
    }

    /** Of the order of sequences and of random weights. */
    public long seed() {
        return built.seed;
    }

    /** Of the forward and the backward pass. */
    public Precision precision() {
        return built.precision;
    }

    /** Of every validation text, at most. */
    public int validationTokens() {
        return built.validationTokens;
    }

    /** Steps between validations. */
    public int validateEvery() {
        return built.validateEvery;
    }

    /** Validations without a new lowest loss after which the run ends. */
    public int patience() {
        return built.patience;
    }

    /** Steps between checkpoints. */
    public int checkpointEvery() {
        return built.checkpointEvery;
    }

    /** Of LibTorch. */
    public int threads() {
        return built.threads;
    }

    /** Steps in all. */
    long steps() {
        return Math.max(1, tokens() / ((long) batch() * sequence()));
    }

    RateSchedule schedule() {
        long steps = steps();
        return new RateSchedule(rate(), Math.round(warmUp() * steps), steps, lastRate());
    }

    /** Makes {@link TrainingOptions}. */
    public static final class Builder {
        private final Path checkpoints;
        private long tokens = 1_000_000;
        private int batch = 8;
        private int sequence = 512;
        private double rate = 1e-3;
        private double warmUp = 0.05;
        private double lastRate = 0.05;
        private double decay = 0.1;
        private double clip = 1;
        private long seed = 1;
        private Precision precision = Precision.BF16;
        private int validationTokens = 20_480;
        private int validateEvery = 50;
        private int patience = 10;
        private int checkpointEvery = 50;
        private int threads = Runtime.getRuntime().availableProcessors();

        private Builder(Path checkpoints) {
            this.checkpoints = checkpoints;
        }

        private Builder(Builder from) {
            checkpoints = from.checkpoints;
            tokens = from.tokens;
            batch = from.batch;
            sequence = from.sequence;
            rate = from.rate;
            warmUp = from.warmUp;
            lastRate = from.lastRate;
            decay = from.decay;
            clip = from.clip;
            seed = from.seed;
            precision = from.precision;
            validationTokens = from.validationTokens;
            validateEvery = from.validateEvery;
            patience = from.patience;
            checkpointEvery = from.checkpointEvery;
            threads = from.threads;
        }

        /** Seen in all. */
        public Builder tokens(long value) {
            tokens = value;
            return this;
        }

        /** B, sequences of a step. */
        public Builder batch(int value) {
            batch = value;
            return this;
        }

        /** T, tokens of a sequence. */
        public Builder sequence(int value) {
            sequence = value;
            return this;
        }

        /** Peak learning rate. */
        public Builder rate(double value) {
            rate = value;
            return this;
        }

        /** Share of the steps in which the rate rises. */
        public Builder warmUp(double value) {
            warmUp = value;
            return this;
        }

        /** Share of the peak that is left at the end. */
        public Builder lastRate(double value) {
            lastRate = value;
            return this;
        }

        /** Weight decay of matrices and sites. */
        public Builder decay(double value) {
            decay = value;
            return this;
        }

        /** Largest norm of a gradient. */
        public Builder clip(double value) {
            clip = value;
            return this;
        }

        /** Of the order of sequences and of random weights. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Of the forward and the backward pass. */
        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        /** Of every validation text, at most. */
        public Builder validationTokens(int value) {
            validationTokens = value;
            return this;
        }

        /** Steps between validations. */
        public Builder validateEvery(int value) {
            validateEvery = value;
            return this;
        }

        /** Validations without a new lowest loss after which the run ends. */
        public Builder patience(int value) {
            patience = value;
            return this;
        }

        /** Steps between checkpoints. */
        public Builder checkpointEvery(int value) {
            checkpointEvery = value;
            return this;
        }

        /** Of LibTorch. */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /** @throws IllegalArgumentException if a number is out of range */
        public TrainingOptions build() {
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
            return new TrainingOptions(this);
        }

        private static void require(boolean holds, String name, Number value) {
            if (!holds) {
                throw new IllegalArgumentException(name + " is " + value + ", out of range");
            }
        }
    }
}
