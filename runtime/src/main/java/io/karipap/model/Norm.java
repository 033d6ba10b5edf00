package io.karipap.model;

import io.karipap.kernels.Kernels;

/** A norm with its weights. */
sealed interface Norm permits Norm.Rms, Norm.Layer {
    /** How many components it goes over. */
    int width();

    /**
     * Writes the norm of the components at {@code xAt}.
     *
     * @param y written at {@code yAt}; may be x
     */
    void apply(Kernels kernels, float[] x, int xAt, float[] y, int yAt);

    /** Root mean square (Zhang &amp; Sennrich, arXiv 1910.07467). */
    @SuppressWarnings("ArrayRecordComponent")
    record Rms(float[] weight, float epsilon) implements Norm {
        @Override
        public int width() {
            return weight.length;
        }

        @Override
        public void apply(Kernels kernels, float[] x, int xAt, float[] y, int yAt) {
            kernels.rmsNorm(x, xAt, weight, epsilon, y, yAt);
        }
    }

    /** Mean and variance (Ba et al., arXiv 1607.06450). */
    @SuppressWarnings("ArrayRecordComponent")
    record Layer(float[] weight, float[] bias, float epsilon) implements Norm {
        @Override
        public int width() {
            return weight.length;
        }

        @Override
        public void apply(Kernels kernels, float[] x, int xAt, float[] y, int yAt) {
            if (x != y || xAt != yAt) {
                System.arraycopy(x, xAt, y, yAt, weight.length);
            }
            kernels.layerNorm(y, yAt, weight, bias, epsilon);
        }
    }
}
