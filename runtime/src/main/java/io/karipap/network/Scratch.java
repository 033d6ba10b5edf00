package io.karipap.network;

import io.karipap.kernels.Rows;

/** Two buffers between which an activation goes back and forth while it is contracted. They grow to what was needed most. */
public final class Scratch {
    private float[] first = new float[0];
    private float[] second = new float[0];

    /** A buffer for {@code rows × width} elements that is not the one behind {@code current}. */
    Rows other(Rows current, int rows, int width) {
        int size = Math.multiplyExact(rows, width);
        if (current.data() == first) {
            if (second.length < size) {
                second = new float[size];
            }
            return new Rows(second, 0, width);
        }
        if (first.length < size) {
            first = new float[size];
        }
        return new Rows(first, 0, width);
    }
}
