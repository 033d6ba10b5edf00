package io.karipap.format.gguf;

/** What the hyperparameters of a model take from its tensors, by their names in GGUF. */
public interface GgufTensorFacts {
    /** Whether there is a tensor of that name. */
    boolean has(String name);

    /**
     * Rows of a matrix.
     *
     * @throws io.karipap.tokenizer.gguf.GgufFormatException if there is no such matrix
     */
    long rows(String name);

    /** The elements of a small vector. */
    float[] vector(String name);
}
