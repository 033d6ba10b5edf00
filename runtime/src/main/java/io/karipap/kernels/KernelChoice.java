package io.karipap.kernels;

import java.util.Set;

/**
 * Says which kernels compute. Whoever computes asks once a step and uses what it got until the end of the step; all kernels give the same
 * bits, so that nobody can tell when the answer changes, except by the time it takes. Safe for any number of threads.
 */
@FunctionalInterface
public interface KernelChoice {
    /** The kernels for a step. */
    Kernels current();

    /** Short name for logs and benchmarks, of the kernels that are chosen in the end. */
    default String name() {
        return current().name();
    }

    /** Tells what kinds of weights will be used, before the first is. */
    default void prepare(Set<WeightType> types) {}

    /** Whether the kernels have their full speed; until then other threads are better left to the JIT compiler. */
    default boolean ready() {
        return true;
    }

    /** Always the same kernels. */
    static KernelChoice of(Kernels kernels) {
        return () -> kernels;
    }
}
