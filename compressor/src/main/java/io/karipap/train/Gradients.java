package io.karipap.train;

import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;

/** Whether LibTorch records what it computes. */
final class Gradients {
    private Gradients() {}

    /** Computes without recording. */
    static <T> T without(Supplier<T> computation) {
        try (NoGradGuard _ = new NoGradGuard()) {
            return computation.get();
        }
    }
}
