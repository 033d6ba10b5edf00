package io.karipap.model.config;

import java.util.List;

/** How rotary frequencies are stretched beyond the context that a model was first trained on. */
public sealed interface RopeScaling {
    /**
     * The frequencies to use, in radians per position, one for every pair of components.
     *
     * @param theta base of the frequencies
     * @param dimensions components of a head that turn
     * @param context most positions of a sequence
     */
    double[] frequencies(double theta, int dimensions, int context);

    /** Factor on the turned components. */
    default double magnitude() {
        return 1;
    }

    /**
     * The context that a model is opened with: the longest one in which short sequences are computed as they were trained.
     *
     * @param positions the longest one that the model has been made for
     */
    default int usualContext(int positions) {
        return positions;
    }

    private static double[] plain(double theta, int dimensions) {
        double[] frequencies = new double[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(theta, -2.0 * i / dimensions);
        }
        return frequencies;
    }

    /** As trained. */
    record None() implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int dimensions, int context) {
            return plain(theta, dimensions);
        }
    }

    /** Positions divided by a factor (Chen et al., arXiv 2306.15595). */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int dimensions, int context) {
            double[] frequencies = plain(theta, dimensions);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= factor;
            }
            return frequencies;
        }
    }

    /**
     * A base that grows with the context beyond the trained one ("dynamic NTK"): by the context that the model is opened with, so that
     * all sequences are computed alike.
     *
     * @param trained positions of the training
     */
    record Dynamic(double factor, int trained) implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int dimensions, int context) {
            double growth = factor * Math.max(context, trained) / trained - (factor - 1);
            return plain(theta * Math.pow(growth, dimensions / (dimensions - 2.0)), dimensions);
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
        public double[] frequencies(double theta, int dimensions, int context) {
            double[] frequencies = plain(theta, dimensions);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = scale(frequencies[i]);
            }
            return frequencies;
        }

        private double scale(double frequency) {
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

    /**
     * YaRN (Peng et al., arXiv 2309.00071): pairs that turn often over the original context keep their frequency, those that turn seldom
     * are divided by the factor, between them a ramp.
     *
     * @param fast turns above which a pair is kept
     * @param slow turns below which it is divided
     * @param originalContext context of the first training, in positions
     * @param whole whether the ramp begins and ends at whole pairs
     * @param magnitude factor on the turned components
     */
    record Yarn(double factor, double fast, double slow, double originalContext, boolean whole, double magnitude)
            implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int dimensions, int context) {
            double low = pair(fast, theta, dimensions);
            double high = pair(slow, theta, dimensions);
            if (whole) {
                low = Math.floor(low);
                high = Math.ceil(high);
            }
            low = Math.max(low, 0);
            high = Math.min(high, dimensions - 1);
            double width = low == high ? 0.001 : high - low;
            double[] frequencies = plain(theta, dimensions);
            for (int i = 0; i < frequencies.length; i++) {
                double divided = Math.clamp((i - low) / width, 0, 1);
                frequencies[i] = frequencies[i] / factor * divided + frequencies[i] * (1 - divided);
            }
            return frequencies;
        }

        /** The pair that turns so often over the original context, between two of them as a fraction. */
        private double pair(double turns, double theta, int dimensions) {
            return dimensions * Math.log(originalContext / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }

    /**
     * LongRoPE (Ding et al., arXiv 2402.13753): a factor for every pair, one list for contexts up to the original one and another beyond.
     *
     * @param shortFactors [dimensions/2]
     * @param longFactors [dimensions/2]
     * @param originalContext context of the first training, in positions
     * @param magnitude factor on the turned components
     */
    record LongRope(List<Double> shortFactors, List<Double> longFactors, int originalContext, double magnitude)
            implements RopeScaling {
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }

        @Override
        public double[] frequencies(double theta, int dimensions, int context) {
            List<Double> factors = context > originalContext ? longFactors : shortFactors;
            double[] frequencies = plain(theta, dimensions);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= factors.get(i);
            }
            return frequencies;
        }

        @Override
        public int usualContext(int positions) {
            return Math.min(positions, originalContext);
        }
    }
}
