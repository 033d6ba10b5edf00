package io.karipap.kernels;

/**
 * The operations of inference. Implementations hold no model state and are safe for any number of threads; all of them give the same
 * bits (see the package description for the order of summation).
 */
public interface Kernels {
    /** Heads of attention that are computed together; of more, so many in turn. */
    int HEADS_TOGETHER = 4;

    /** Rows of a matmul that are computed together; a thread's share of the rows is best a multiple of so many. */
    int ROWS_TOGETHER = 6;

    /** Short name for logs and benchmarks. */
    String name();

    /**
     * {@code Y[m, n] = Σ_k X[m, k]·W[n, k]} for the output features of some blocks and m in {@code [0, M)}.
     *
     * @param w weights [N, K]
     * @param blocks which
     * @param x activations [M, K]
     * @param y result [M, N]
     * @param rows M
     */
    void matmul(PackedMatrix w, Blocks blocks, Rows x, Rows y, int rows);

    /**
     * Many small products at a time, one in every lane: {@code y[j, b] = Σ_k x[k, b]·w[j, k, b]}, k in sequence.
     *
     * @param w weights [J, K, B]
     * @param x row [K, B] at {@code xAt}
     * @param y row [J, B] at {@code yAt}, which is overwritten
     */
    void multiplyLanes(LaneWeights w, float[] x, int xAt, float[] y, int yAt);

    /**
     * {@code y = x / sqrt(mean(x²) + epsilon) · weight} (Zhang &amp; Sennrich, arXiv 1910.07467).
     *
     * @param x row of K elements at {@code xAt}
     * @param weight [K]
     * @param y row of K elements at {@code yAt}; may be x
     */
    void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] y, int yAt);

    /**
     * {@code y = (x − mean(x)) / sqrt(variance(x) + epsilon) · weight + bias} (Ba et al., arXiv 1607.06450).
     *
     * @param x row at {@code at}, which is overwritten by y
     * @param weight [K]
     * @param bias [K]
     */
    void layerNorm(float[] x, int at, float[] weight, float[] bias, float epsilon);

    /** {@code gate[i] = silu(gate[i])·up[i]} for {@code count} elements, silu(x) = x / (1 + e^−x). */
    void siluGate(float[] gate, int gateAt, float[] up, int upAt, int count);

    /** {@code x[i] = gelu(x[i])} for {@code count} elements, by the tanh that approximates it: see {@link Exponential#gelu}. */
    void gelu(float[] x, int at, int count);

    /** {@code x[i] = cap·tanh(x[i]/cap)} for {@code count} elements: see {@link Exponential#softCap}. */
    void softCap(float[] x, int at, int count, float cap);

    /** {@code x[i] *= factor} for {@code count} elements. */
    void scale(float[] x, int at, int count, float factor);

    /** {@code y[i] *= x[i]} for {@code count} elements. */
    void multiply(float[] x, int xAt, float[] y, int yAt, int count);

    /** {@code y[i] += x[i]} for {@code count} elements. */
    void add(float[] x, int xAt, float[] y, int yAt, int count);

    /**
     * Dot products of the queries of some heads with the keys that they share, of all positions of a block, scaled.
     *
     * @param queries [N, H]
     * @param block its keys
     * @param kvHead which of the KV heads of the block
     * @param scale factor on every score
     * @param scores result [N, T]
     */
    void attentionScores(HeadRows queries, KvBlock block, int kvHead, float scale, HeadRows scores);

    /** Makes the {@code count} elements at {@code at} probabilities: e^(s − max) over their sum. */
    void softmax(float[] scores, int at, int count);

    /**
     * {@code out[n, h] += Σ_t probabilities[n, t]·values[t, h]}, t in sequence.
     *
     * @param probabilities [N, T]
     * @param block its values
     * @param kvHead which of the KV heads of the block
     * @param positions T, the first of the block
     * @param out [N, H]
     */
    void attentionValues(HeadRows probabilities, KvBlock block, int kvHead, int positions, HeadRows out);

    /** Index of the largest of {@code count} elements; of equal ones the first. */
    int argmax(float[] x, int at, int count);
}
