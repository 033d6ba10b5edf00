package io.karipap.kernels.scalar;

import io.karipap.kernels.Blocks;
import io.karipap.kernels.Exponential;
import io.karipap.kernels.HeadRows;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.KvBlock;
import io.karipap.kernels.LaneWeights;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
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
                int n = panel * PANEL;
                int lanes = Math.min(PANEL, w.rows() - n);
                for (int m = 0; m < rows; m++) {
                    Arrays.fill(y.data(), y.at(m) + n, y.at(m) + n + lanes, 0f);
                }
                for (int from = 0; from < w.columns(); from += PackedMatrix.K_BLOCK) {
                    int columns = Math.min(PackedMatrix.K_BLOCK, w.columns() - from);
                    w.expand(panel, from, from + columns, weights);
                    for (int m = 0; m < rows; m++) {
                        multiply(weights, x.data(), x.at(m) + from, columns, sums);
                        add(sums, 0, y.data(), y.at(m) + n, lanes);
                    }
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
    public void multiplyLanes(LaneWeights w, float[] x, int xAt, float[] y, int yAt) {
        multiplyLanes(w, 0, x, xAt, y, yAt);
    }

    /** As {@link Kernels#multiplyLanes}, the lanes from {@code from} on: what is left behind whole vectors. */
    public static void multiplyLanes(LaneWeights w, int from, float[] x, int xAt, float[] y, int yAt) {
        int batch = w.batch();
        for (int j = 0; j < w.produced(); j++) {
            int row = j * w.contracted() * batch;
            for (int b = from; b < batch; b++) {
                float sum = 0;
                for (int k = 0; k < w.contracted(); k++) {
                    sum = Math.fma(x[xAt + k * batch + b], w.data()[row + k * batch + b], sum);
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
    public static float addUp(float[] sums) {
        for (int half = sums.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[i + half];
            }
        }
        return sums[0];
    }

    @Override
    public void layerNorm(float[] x, int at, float[] weight, float[] bias, float epsilon) {
        int width = weight.length;
        float[] sums = new float[PARTIAL_SUMS];
        for (int i = 0; i < width; i++) {
            sums[i % PARTIAL_SUMS] += x[at + i];
        }
        float mean = addUp(sums) / width;
        Arrays.fill(sums, 0);
        for (int i = 0; i < width; i++) {
            float centred = x[at + i] - mean;
            sums[i % PARTIAL_SUMS] = Math.fma(centred, centred, sums[i % PARTIAL_SUMS]);
        }
        float scale = (float) (1 / Math.sqrt(addUp(sums) / width + (double) epsilon));
        for (int i = 0; i < width; i++) {
            x[at + i] = Math.fma((x[at + i] - mean) * scale, weight[i], bias[i]);
        }
    }

    @Override
    public void siluGate(float[] gate, int gateAt, float[] up, int upAt, int count) {
        for (int i = 0; i < count; i++) {
            float g = gate[gateAt + i];
            gate[gateAt + i] = g / (1 + Exponential.exp(-g)) * up[upAt + i];
        }
    }

    @Override
    public void gelu(float[] x, int at, int count) {
        for (int i = at; i < at + count; i++) {
            x[i] = Exponential.gelu(x[i]);
        }
    }

    @Override
    public void softCap(float[] x, int at, int count, float cap) {
        for (int i = at; i < at + count; i++) {
            x[i] = Exponential.softCap(x[i], cap);
        }
    }

    @Override
    public void scale(float[] x, int at, int count, float factor) {
        for (int i = at; i < at + count; i++) {
            x[i] *= factor;
        }
    }

    @Override
    public void multiply(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] *= x[xAt + i];
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void attentionScores(HeadRows queries, KvBlock block, int kvHead, float scale, HeadRows scores) {
        for (int n = 0; n < queries.heads(); n++) {
            int query = queries.at(n);
            for (int t = 0; t < block.positions(); t++) {
                float sum = 0;
                for (int h = 0; h < block.headDim(); h++) {
                    sum = Math.fma(queries.data()[query + h], block.key(kvHead, t, h), sum);
                }
                scores.data()[scores.at(n) + t] = sum * scale;
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
    public void attentionValues(HeadRows probabilities, KvBlock block, int kvHead, int positions, HeadRows out) {
        attentionValues(probabilities, block, kvHead, positions, 0, out);
    }

    /** As {@link Kernels#attentionValues}, the components of every head from {@code from} on: what is left behind whole vectors. */
    public static void attentionValues(
            HeadRows probabilities, KvBlock block, int kvHead, int positions, int from, HeadRows out) {
        for (int n = 0; n < out.heads(); n++) {
            int first = probabilities.at(n);
            for (int h = from; h < block.headDim(); h++) {
                float sum = out.data()[out.at(n) + h];
                for (int t = 0; t < positions; t++) {
                    sum = Math.fma(probabilities.data()[first + t], block.value(kvHead, t, h), sum);
                }
                out.data()[out.at(n) + h] = sum;
            }
        }
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
