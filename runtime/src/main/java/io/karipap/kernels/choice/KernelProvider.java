package io.karipap.kernels.choice;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.scalar.ScalarKernels;
import java.lang.reflect.InvocationTargetException;

/** Chooses the kernels once. Nothing is fallen back to silently: slow kernels must be asked for. */
public final class KernelProvider {
    /** System property that forces {@code vector} or {@code scalar} kernels. */
    public static final String PROPERTY = "karipap.kernels";

    private KernelProvider() {}

    /**
     * The vector kernels once they are fast, or those that {@link #PROPERTY} names.
     *
     * @throws IllegalStateException if this JVM lacks the Vector API or the property names no kernels; the message says what to do
     */
    public static KernelChoice choose() {
        String asked = System.getProperty(PROPERTY, "vector");
        return switch (asked) {
            case "scalar" -> KernelChoice.of(new ScalarKernels());
            case "vector" -> vector();
            default ->
                throw new IllegalStateException(
                        "-D" + PROPERTY + "=" + asked + " names no kernels, expected vector or scalar");
        };
    }

    private static KernelChoice vector() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                    "the Vector API is not available: start java with --add-modules jdk.incubator.vector,"
                            + " or accept slow kernels with -D" + PROPERTY + "=scalar");
        }
        try {
            // By name, so that this class loads in a JVM without the module.
            Kernels vector = (Kernels) Class.forName("io.karipap.kernels.vector.VectorKernels")
                    .getDeclaredConstructor()
                    .newInstance();
            return new WarmingChoice(new ScalarKernels(), vector);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the vector kernels failed to start: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels are missing from the class path", e);
        }
    }
}
