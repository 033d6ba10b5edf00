package io.karipap.kernels;

import java.util.Arrays;

/** The readable reference: what every kernel computes, in the order in which it is computed. */
public final class ScalarKernels implements Kernels {
    private static final int PANEL = PackedMatrix.PANEL;

    /** Partial sums of a reduction over a row; element i joins sum i mod 16. */
    private static final int PARTIAL_SUMS = 16;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void matmul(PackedMatrix w, Blocks blocks, Rows x, Rows y, int rows) {
        float[] weights = new float[PackedMatrix.K_BLOCK * PANEL];
        float[] sums = new float[PANEL];
        for (int block = blocks.next(); block >= 0; block = blocks.next()) {
            for (int panel = w.panel(block); panel < w.panel(block + 1); panel++) {
                panel(w, panel, x, y, rows, weights, sums);
            }
        }
    }

    private static void panel(PackedMatrix w, int panel, Rows x, Rows y, int rows, float[] weights, float[] sums) {
        int lanes = Math.min(PANEL, w.rows() - panel * PANEL);
        for (int m = 0; m < rows; m++) {
            Arrays.fill(y.data(), y.at(m) + panel * PANEL, y.at(m) + panel * PANEL + lanes, 0f);
        }
        for (int from = 0; from < w.columns(); from += PackedMatrix.K_BLOCK) {
            int to = Math.min(w.columns(), from + PackedMatrix.K_BLOCK);
            w.expand(panel, from, to, weights);
            for (int m = 0; m < rows; m++) {
                multiply(weights, x.data(), x.at(m) + from, to - from, sums);
                int target = y.at(m) + panel * PANEL;
                for (int lane = 0; lane < lanes; lane++) {
                    y.data()[target + lane] += sums[lane];
                }
            }
        }
    }

    /** {@code sums[lane] = Σ_k x[k]·weights[k, lane]}, k in sequence. */
    private static void multiply(float[] weights, float[] x, int xAt, int columns, float[] sums) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < columns; k++) {
            float value = x[xAt + k];
            for (int lane = 0; lane < PANEL; lane++) {
                sums[lane] = Math.fma(value, weights[k * PANEL + lane], sums[lane]);
            }
        }
    }

    @Override
    public void multiplyLanes(
            float[] w, float[] x, int xAt, float[] y, int yAt, int produced, int contracted, int batch) {
        multiplyLanes(w, x, xAt, y, yAt, produced, contracted, batch, 0);
    }

    /** The lanes from {@code from} on. */
    static void multiplyLanes(
            float[] w, float[] x, int xAt, float[] y, int yAt, int produced, int contracted, int batch, int from) {
        for (int j = 0; j < produced; j++) {
            for (int b = from; b < batch; b++) {
                float sum = 0;
                for (int k = 0; k < contracted; k++) {
                    sum = Math.fma(x[xAt + k * batch + b], w[(j * contracted + k) * batch + b], sum);
                }
                y[yAt + j * batch + b] = sum;
            }
        }
    }

    @Override
    public void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] y, int yAt) {
        int width = weight.length;
        float[] sums = new float[PARTIAL_SUMS];
        for (int i = 0; i < width; i++) {
            sums[i % PARTIAL_SUMS] = Math.fma(x[xAt + i], x[xAt + i], sums[i % PARTIAL_SUMS]);
        }
        float scale = (float) (1 / Math.sqrt(addUp(sums) / width + (double) epsilon));
        for (int i = 0; i < width; i++) {
            y[yAt + i] = x[xAt + i] * scale * weight[i];
        }
    }

    /** Adds the upper half of the partial sums to the lower half until one is left. */
    static float addUp(float[] sums) {
        for (int half = sums.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[i + half];
            }
        }
        return sums[0];
    }

    @Override
    public void siluGate(float[] gate, int gateAt, float[] up, int upAt, int count) {
        for (int i = 0; i < count; i++) {
            float g = gate[gateAt + i];
            gate[gateAt + i] = g / (1 + Exponential.exp(-g)) * up[upAt + i];
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void attentionScores(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        for (int n = 0; n < heads; n++) {
            for (int t = 0; t < panels * PackedMatrix.PANEL; t++) {
                int panel = keysAt + t / PackedMatrix.PANEL * PackedMatrix.PANEL * headDim;
                float sum = 0;
                for (int h = 0; h < headDim; h++) {
                    float key = keys[panel + h * PackedMatrix.PANEL + t % PackedMatrix.PANEL];
                    sum = Math.fma(query[queryAt + n * headDim + h], key, sum);
                }
                scores[scoresAt + n * scoresStride + t] = sum * scale;
            }
        }
    }

    @Override
    public void attentionScores(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            int[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        for (int n = 0; n < heads; n++) {
            for (int t = 0; t < panels * PackedMatrix.PANEL; t++) {
                int panel = keysAt + t / PackedMatrix.PANEL * PackedMatrix.PANEL * Math.ceilDiv(headDim, 2);
                float sum = 0;
                for (int h = 0; h < headDim; h++) {
                    int pair = keys[panel + h / 2 * PackedMatrix.PANEL + t % PackedMatrix.PANEL];
                    sum = Math.fma(query[queryAt + n * headDim + h], half(pair, h), sum);
                }
                scores[scoresAt + n * scoresStride + t] = sum * scale;
            }
        }
    }

    @Override
    public void softmax(float[] scores, int at, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, scores[at + i]);
        }
        float[] sums = new float[PARTIAL_SUMS];
        for (int i = 0; i < count; i++) {
            float e = Exponential.exp(scores[at + i] - max);
            scores[at + i] = e;
            sums[i % PARTIAL_SUMS] += e;
        }
        float scale = 1 / addUp(sums);
        for (int i = 0; i < count; i++) {
            scores[at + i] *= scale;
        }
    }

    @Override
    public void attentionValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        addValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt,
                0);
    }

    /** The components of every head from {@code from} on. */
    static void addValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt,
            int from) {
        for (int n = 0; n < heads; n++) {
            for (int h = from; h < headDim; h++) {
                float sum = out[outAt + n * headDim + h];
                for (int t = 0; t < positions; t++) {
                    float probability = probabilities[probabilitiesAt + n * probabilitiesStride + t];
                    sum = Math.fma(probability, values[valuesAt + t * headDim + h], sum);
                }
                out[outAt + n * headDim + h] = sum;
            }
        }
    }

    @Override
    public void attentionValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        addValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt,
                0);
    }

    /** The components of every head from {@code from} on. */
    static void addValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt,
            int from) {
        for (int n = 0; n < heads; n++) {
            for (int h = from; h < headDim; h++) {
                float sum = out[outAt + n * headDim + h];
                for (int t = 0; t < positions; t++) {
                    float probability = probabilities[probabilitiesAt + n * probabilitiesStride + t];
                    sum = Math.fma(probability, half(values[valuesAt + t / 2 * headDim + h], t), sum);
                }
                out[outAt + n * headDim + h] = sum;
            }
        }
    }

    /** The bfloat16 in the low half for an even index, in the high half for an odd one. */
    private static float half(int pair, int index) {
        return Float.intBitsToFloat(index % 2 == 0 ? pair << 16 : pair & 0xffff0000);
    }

    @Override
    public int argmax(float[] x, int at, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (x[at + i] > x[at + best]) {
                best = i;
            }
        }
        return best;
    }
}
