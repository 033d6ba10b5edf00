package io.karipap.kernels;

import java.util.Set;

/**
 * The operations of inference. Implementations hold no model state and are safe for any number of threads; all of them give the same
 * bits (see the package description for the order of summation).
 */
public interface Kernels {
    /** Heads of attention that are computed together; of more, so many in turn. */
    int HEADS_TOGETHER = 4;

    /** Short name for logs and benchmarks. */
    String name();

    /** Tells what kinds of weights will be used, before the first is. */
    default void prepare(Set<WeightType> types) {}

    /** Whether the kernels have their full speed; until then other threads are better left to the JIT compiler. */
    default boolean ready() {
        return true;
    }

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
     * @param produced J
     * @param contracted K
     * @param batch B
     */
    void multiplyLanes(float[] w, float[] x, int xAt, float[] y, int yAt, int produced, int contracted, int batch);

    /**
     * {@code y = x / sqrt(mean(x²) + epsilon) · weight} (Zhang &amp; Sennrich, arXiv 1910.07467).
     *
     * @param x row of K elements at {@code xAt}
     * @param weight [K]
     * @param y row of K elements at {@code yAt}; may be x
     */
    void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] y, int yAt);

    /** {@code gate[i] = silu(gate[i])·up[i]} for {@code count} elements, silu(x) = x / (1 + e^−x). */
    void siluGate(float[] gate, int gateAt, float[] up, int upAt, int count);

    /** {@code y[i] += x[i]} for {@code count} elements. */
    void add(float[] x, int xAt, float[] y, int yAt, int count);

    /**
     * Dot products of the queries of some heads with the keys that they share, whole panels of positions, scaled.
     *
     * @param heads N
     * @param headDim H
     * @param query [N, H] at {@code queryAt}
     * @param keys panels [T/P, H, P] at {@code keysAt}
     * @param panels T/P
     * @param scale factor on every score
     * @param scores result [N, T] at {@code scoresAt}, a row every {@code scoresStride} elements
     */
    void attentionScores(
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
            int scoresStride);

    /**
     * As {@link #attentionScores(int, int, float[], int, float[], int, int, float, float[], int, int)}, keys in bfloat16.
     *
     * @param keys pairs of components, the even one in the low half, in panels [T/P, ceil(H/2), P] at {@code keysAt}
     */
    void attentionScores(
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
            int scoresStride);

    /** Makes the {@code count} elements at {@code at} probabilities: e^(s − max) over their sum. */
    void softmax(float[] scores, int at, int count);

    /**
     * {@code out[n, h] += Σ_t probabilities[n, t]·values[t, h]}, t in sequence.
     *
     * @param heads N
     * @param headDim H
     * @param probabilities [N, T] at {@code probabilitiesAt}, a row every {@code probabilitiesStride} elements
     * @param values [T, H] at {@code valuesAt}
     * @param positions T
     * @param out [N, H] at {@code outAt}
     */
    void attentionValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt);

    /**
     * As {@link #attentionValues(int, int, float[], int, int, float[], int, int, float[], int)}, values in bfloat16.
     *
     * @param values pairs of positions, the even one in the low half, [ceil(T/2), H] at {@code valuesAt}
     */
    void attentionValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt);

    /** Index of the largest of {@code count} elements; of equal ones the first. */
    int argmax(float[] x, int at, int count);
}
