package io.karipap.linalg;

/** Which linear algebra computes. */
public enum Algebra {
    /** LibTorch: fast, native, where there is one for the platform. */
    TORCH {
        @Override
        public LinearAlgebra open(LibTorch.LoadListener listener) {
            LibTorch.load(listener, "use --algebra EJML, which is plain Java");
            return new TorchAlgebra();
        }
    },
    /** EJML: plain Java, which touches no native library. */
    EJML {
        @Override
        public LinearAlgebra open(LibTorch.LoadListener listener) {
            return new EjmlAlgebra();
        }
    };

    /**
     * @param listener hears of a native library that is loaded
     * @throws IllegalStateException if it does not work on this platform; the message says what does
     */
    public abstract LinearAlgebra open(LibTorch.LoadListener listener);

    /** As {@link #open(LibTorch.LoadListener)}, telling nobody. */
    public LinearAlgebra open() {
        return open((stage, done, total) -> {});
    }
}
