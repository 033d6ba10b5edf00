package io.karipap.kernels;

import java.util.Set;

/**
 * Scalar kernels until the vector kernels are compiled, then those. A vector operation takes about a microsecond in the interpreter, so
 * that the first token would take seconds; a thread of its own runs the vector kernels until they are fast. Both give the same bits, so
 * that nobody can tell when the change happens, except by the time it takes.
 */
final class WarmingKernels implements Kernels {
    /** On few processors the JIT compiler would take them from the first token of a short prompt, which is slow but little work. */
    private static final long HEAD_START_MILLIS = Runtime.getRuntime().availableProcessors() < 4 ? 150 : 0;

    private final Kernels cold;
    private final Kernels warm;
    private volatile Kernels current;
    private boolean started;

    WarmingKernels(Kernels cold, Kernels warm) {
        this.cold = cold;
        this.warm = warm;
        this.current = cold;
    }

    @Override
    public String name() {
        return warm.name();
    }

    @Override
    public synchronized void prepare(Set<WeightType> types) {
        if (!started) {
            started = true;
            Thread.ofPlatform().name("karipap-warm-up").daemon().start(() -> warmUp(types));
        }
    }

    private void warmUp(Set<WeightType> types) {
        try {
            Thread.sleep(HEAD_START_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then at once
        }
        new KernelWarmUp(types).run(warm, cold);
        current = warm;
    }

    @Override
    public boolean ready() {
        return current == warm;
    }

    @Override
    public void matmul(PackedMatrix w, Blocks blocks, Rows x, Rows y, int rows) {
        current.matmul(w, blocks, x, y, rows);
    }

    @Override
    public void multiplyLanes(
            float[] w, float[] x, int xAt, float[] y, int yAt, int produced, int contracted, int batch) {
        current.multiplyLanes(w, x, xAt, y, yAt, produced, contracted, batch);
    }

    @Override
    public void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] y, int yAt) {
        current.rmsNorm(x, xAt, weight, epsilon, y, yAt);
    }

    @Override
    public void siluGate(float[] gate, int gateAt, float[] up, int upAt, int count) {
        current.siluGate(gate, gateAt, up, upAt, count);
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int count) {
        current.add(x, xAt, y, yAt, count);
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
        current.attentionScores(
                heads, headDim, query, queryAt, keys, keysAt, panels, scale, scores, scoresAt, scoresStride);
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
        current.attentionScores(
                heads, headDim, query, queryAt, keys, keysAt, panels, scale, scores, scoresAt, scoresStride);
    }

    @Override
    public void softmax(float[] scores, int at, int count) {
        current.softmax(scores, at, count);
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
        current.attentionValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt);
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
        current.attentionValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt);
    }

    @Override
    public int argmax(float[] x, int at, int count) {
        return current.argmax(x, at, count);
    }
}
