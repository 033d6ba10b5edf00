package io.karipap.linalg;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The native library behind {@link Algebra#TORCH} and behind training. It is loaded here, when it is needed, and nowhere else. */
public final class LibTorch {
    private static final String STAGE = "load LibTorch";

    private LibTorch() {}

    /** Hears that the library is being loaded, which takes a second or two. */
    @FunctionalInterface
    public interface LoadListener {
        /**
         * @param stage what is being done
         * @param done units done
         * @param total units in all
         */
        void report(String stage, long done, long total);
    }

    /**
     * Loads the library, if it is not loaded.
     *
     * @param otherwise what to do where there is none, such as {@code use --algebra EJML}
     * @throws IllegalStateException if there is none for this platform
     */
    @SuppressWarnings("try") // a scope works by being open
    public static void load(LoadListener listener, String otherwise) {
        listener.report(STAGE, 0, 1);
        try (PointerScope scope = new PointerScope()) {
            new TensorOptions(ScalarType.Double).close();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "LibTorch has no native library on the class path that loads on " + System.getProperty("os.name")
                            + " " + System.getProperty("os.arch") + "; " + otherwise,
                    e);
        }
        listener.report(STAGE, 1, 1);
    }
}
