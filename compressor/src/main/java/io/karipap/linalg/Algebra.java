package io.karipap.linalg;

/** Which linear algebra computes. */
public enum Algebra {
    /** LibTorch: fast, native, where there is one for the platform. */
    TORCH,
    /** EJML: plain Java. */
    EJML;

    /** @throws IllegalStateException if it does not work on this platform; the message says what does */
    public LinearAlgebra open() {
        if (this == EJML) {
            return new EjmlAlgebra();
        }
        try {
            return new TorchAlgebra();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "LibTorch does not load here (" + e.getMessage()
                            + "); choose the algebra EJML, which is plain Java",
                    e);
        }
    }
}
