package io.karipap.model.config;

/** How rotary frequencies are stretched beyond the context that a model was first trained on. */
public sealed interface RopeScaling {
    /** The frequency to use in the place of {@code frequency}, both in radians per position. */
    double scale(double frequency);

    /** As trained. */
    record None() implements RopeScaling {
        @Override
        public double scale(double frequency) {
            return frequency;
        }
    }

    /** Positions divided by a factor (Chen et al., arXiv 2306.15595). */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double scale(double frequency) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3.1: low frequencies divided by {@code factor}, high ones kept, a smooth passage between.
     *
     * @param lowFrequencyFactor wavelengths above originalContext / this are divided
     * @param highFrequencyFactor wavelengths below originalContext / this are kept
     * @param originalContext context of the first training, in positions
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
            implements RopeScaling {
        @Override
        public double scale(double frequency) {
            double turns = originalContext * frequency / (2 * Math.PI);
            if (turns < lowFrequencyFactor) {
                return frequency / factor;
            }
            if (turns > highFrequencyFactor) {
                return frequency;
            }
            double smooth = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        }
    }
}
