package io.karipap.generate;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import java.util.SplittableRandom;

/** Draws tokens for one sequence. Not thread-safe; after the first call it allocates nothing. */
final class Sampler {
    private final SamplingOptions options;
    private final KernelChoice choice;
    private final SplittableRandom random;

    /** Probabilities. */
    private float[] weights = new float[0];

    private int[] heap = new int[0];

    Sampler(SamplingOptions options, KernelChoice choice) {
        this.options = options;
        this.choice = choice;
        this.random = new SplittableRandom(options.seed());
    }

    /** The next token given the logits {@code logits[at, at + count)}. */
    int sample(float[] logits, int at, int count) {
        Kernels kernels = choice.current();
        int best = kernels.argmax(logits, at, count);
        if (options.temperature() == 0) {
            return best;
        }
        if (weights.length < count) {
            weights = new float[count];
            heap = new int[count];
        }
        float max = logits[at + best];
        float inverse = (float) Math.min(Float.MAX_VALUE, 1 / options.temperature());
        for (int i = 0; i < count; i++) {
            weights[i] = (logits[at + i] - max) * inverse;
        }
        kernels.softmax(weights, 0, count);
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        boolean all = options.topK() == 0 && options.topP() >= 1 && options.minP() == 0;
        return all ? draw(count, total) : drawFromTop(count, total);
    }

    private int draw(int count, double total) {
        double left = random.nextDouble() * total;
        int last = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Takes tokens from the most probable down until a limit is reached, then draws among them. */
    private int drawFromTop(int count, double total) {
        int size = 0;
        for (int i = 0; i < count; i++) {
            heap[size++] = i;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i, size);
        }
        int limit = options.topK() == 0 ? count : Math.min(options.topK(), count);
        double topKTotal = options.topK() == 0 ? total : 0;
        // Popped tokens gather behind the shrinking heap, the most probable last.
        int taken = 0;
        double sum = 0;
        if (options.topK() > 0 && options.topP() < 1) {
            topKTotal = sumOfTop(limit, count);
        }
        double least = options.minP() * weights[heap[0]];
        while (taken < limit) {
            int token = heap[0];
            boolean tooRare = taken > 0 && weights[token] < least;
            boolean enough = taken > 0 && options.topP() < 1 && sum >= options.topP() * topKTotal;
            if (tooRare || enough) {
                break;
            }
            sum += weights[token];
            size--;
            heap[0] = heap[size];
            heap[size] = token;
            siftDown(0, size);
            taken++;
        }
        double left = random.nextDouble() * sum;
        for (int i = 0; i < taken; i++) {
            int token = heap[count - 1 - i];
            left -= weights[token];
            if (left < 0 || i == taken - 1) {
                return token;
            }
        }
        throw new IllegalStateException("no token was taken");
    }

    /** Sum of the {@code limit} largest weights; leaves the heap as it was built. */
    private double sumOfTop(int limit, int count) {
        int[] copy = java.util.Arrays.copyOf(heap, count);
        double sum = 0;
        int size = count;
        for (int i = 0; i < limit; i++) {
            sum += weights[heap[0]];
            heap[0] = heap[--size];
            siftDown(0, size);
        }
        System.arraycopy(copy, 0, heap, 0, count);
        return sum;
    }

    /** Order of the heap: larger weight first, of equal ones the smaller token. */
    private boolean before(int a, int b) {
        return weights[a] > weights[b] || weights[a] == weights[b] && a < b;
    }

    private void siftDown(int from, int size) {
        int i = from;
        int token = size > 0 ? heap[i] : 0;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], token)) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        if (size > 0) {
            heap[i] = token;
        }
    }
}
