package io.karipap.kernels;

/**
 * A row for every one of some heads, inside an array that is somebody else's: queries [N, H], scores or probabilities [N, T], results
 * [N, H]. A view that is set again and again, so that a token allocates nothing; each thread has its own.
 */
public final class HeadRows {
    private float[] data = new float[0];
    private int at;
    private int stride;
    private int heads;

    /**
     * Views other rows; returns itself.
     *
     * @param data the array
     * @param at index of the first element of the first head
     * @param stride elements from a head to the next
     * @param heads N
     */
    public HeadRows set(float[] data, int at, int stride, int heads) {
        this.data = data;
        this.at = at;
        this.stride = stride;
        this.heads = heads;
        return this;
    }

    /** Views the same heads from the element number {@code at} of the array on. */
    public void moveTo(int at) {
        this.at = at;
    }

    public float[] data() {
        return data;
    }

    /** Index of the first element of head {@code n}; beyond the last head, of that of the last. */
    public int at(int n) {
        return at + Math.min(n, heads - 1) * stride;
    }

    /** N. */
    public int heads() {
        return heads;
    }
}
