package io.karipap.kernels.choice;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.WeightType;
import java.util.Set;

/**
 * Scalar kernels until the vector kernels are compiled, then those. A vector operation takes about a microsecond in the interpreter, so
 * that the first token would take seconds; a thread of its own runs the vector kernels until they are fast.
 */
final class WarmingChoice implements KernelChoice {
    /** On few processors the JIT compiler would take them from the first token of a short prompt, which is slow but little work. */
    private static final long HEAD_START_MILLIS = Runtime.getRuntime().availableProcessors() < 4 ? 150 : 0;

    private final Kernels cold;
    private final Kernels warm;
    private volatile Kernels current;
    private boolean started;

    WarmingChoice(Kernels cold, Kernels warm) {
        this.cold = cold;
        this.warm = warm;
        this.current = cold;
    }

    @Override
    public Kernels current() {
        return current;
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
}
