package io.karipap.kernels.vector;

import static io.karipap.kernels.vector.Vectors.FLOATS;
import static io.karipap.kernels.vector.Vectors.LANES;

import io.karipap.kernels.Exponential;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** What only some families of models need: functions of one number, and the norm of mean and variance. Elements beyond whole vectors are scalar. */
final class Elementwise {
    private Elementwise() {}

    /**
     * @param sums scratch of {@link PackedMatrix#PANEL} elements
     */
    static void layerNorm(float[] x, int at, float[] weight, float[] bias, float epsilon, float[] sums) {
        int width = weight.length;
        int whole = width / PackedMatrix.PANEL * PackedMatrix.PANEL;
        for (int lane = 0; lane < PackedMatrix.PANEL; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += PackedMatrix.PANEL) {
                sum = sum.add(FloatVector.fromArray(FLOATS, x, at + i));
            }
            sum.intoArray(sums, lane);
        }
        for (int i = whole; i < width; i++) {
            sums[i - whole] += x[at + i];
        }
        float mean = ScalarKernels.addUp(sums) / width;
        Arrays.fill(sums, 0);
        for (int lane = 0; lane < PackedMatrix.PANEL; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += PackedMatrix.PANEL) {
                FloatVector centred = FloatVector.fromArray(FLOATS, x, at + i).sub(mean);
                sum = centred.fma(centred, sum);
            }
            sum.intoArray(sums, lane);
        }
        for (int i = whole; i < width; i++) {
            float centred = x[at + i] - mean;
            sums[i - whole] = Math.fma(centred, centred, sums[i - whole]);
        }
        float scale = (float) (1 / Math.sqrt(ScalarKernels.addUp(sums) / width + (double) epsilon));
        int i = 0;
        for (; i + LANES <= width; i += LANES) {
            FloatVector.fromArray(FLOATS, x, at + i)
                    .sub(mean)
                    .mul(scale)
                    .fma(FloatVector.fromArray(FLOATS, weight, i), FloatVector.fromArray(FLOATS, bias, i))
                    .intoArray(x, at + i);
        }
        for (; i < width; i++) {
            x[at + i] = Math.fma((x[at + i] - mean) * scale, weight[i], bias[i]);
        }
    }

    /**
     * @param exponentials scratch
     */
    static void gelu(float[] x, int at, int count, float[] exponentials) {
        int i = 0;
        for (; i + LANES <= count; ) {
            int chunk = Math.min(exponentials.length, (count - i) / LANES * LANES);
            for (int j = 0; j < chunk; j += LANES) {
                FloatVector v = FloatVector.fromArray(FLOATS, x, at + i + j);
                v.mul(v)
                        .fma(
                                FloatVector.broadcast(FLOATS, -Exponential.GELU_CUBIC),
                                FloatVector.broadcast(FLOATS, -Exponential.GELU_LINEAR))
                        .mul(v)
                        .intoArray(exponentials, j);
            }
            Vectors.exp(exponentials, 0, exponentials, 0, chunk);
            for (int j = 0; j < chunk; j += LANES) {
                FloatVector.fromArray(FLOATS, x, at + i + j)
                        .div(FloatVector.fromArray(FLOATS, exponentials, j).add(1f))
                        .intoArray(x, at + i + j);
            }
            i += chunk;
        }
        for (; i < count; i++) {
            x[at + i] = Exponential.gelu(x[at + i]);
        }
    }

    /**
     * @param exponentials scratch
     */
    static void softCap(float[] x, int at, int count, float cap, float[] exponentials) {
        int i = 0;
        for (; i + LANES <= count; ) {
            int chunk = Math.min(exponentials.length, (count - i) / LANES * LANES);
            for (int j = 0; j < chunk; j += LANES) {
                FloatVector.fromArray(FLOATS, x, at + i + j).mul(2 / cap).intoArray(exponentials, j);
            }
            Vectors.exp(exponentials, 0, exponentials, 0, chunk);
            for (int j = 0; j < chunk; j += LANES) {
                FloatVector share = FloatVector.broadcast(FLOATS, 2 * cap)
                        .div(FloatVector.fromArray(FLOATS, exponentials, j).add(1f));
                FloatVector.broadcast(FLOATS, cap).sub(share).intoArray(x, at + i + j);
            }
            i += chunk;
        }
        for (; i < count; i++) {
            x[at + i] = Exponential.softCap(x[at + i], cap);
        }
    }

    static void scale(float[] x, int at, int count, float factor) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, at + i).mul(factor).intoArray(x, at + i);
        }
        for (; i < count; i++) {
            x[at + i] *= factor;
        }
    }

    static void multiply(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yAt + i)
                    .mul(FloatVector.fromArray(FLOATS, x, xAt + i))
                    .intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] *= x[xAt + i];
        }
    }
}
