package io.karipap.network;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * Two buffers between which an activation goes back and forth while it is contracted, and one for what tied operators share. They grow
 * to what was needed most.
 */
public final class Scratch {
    private final Buffer first = new Buffer();
    private final Buffer second = new Buffer();
    private final Buffer shared = new Buffer();
    private PackedMatrix[] sharedSite;
    private Rows sharedInput;
    private int sharedRows;
    private final MatmulTask matmul = new MatmulTask();

    /** A buffer with the views of it that were asked for: there are few widths, and a token must not allocate. */
    private static final class Buffer {
        private float[] data = new float[0];
        private final List<Rows> views = new ArrayList<>();

        Rows view(int rows, int width) {
            int size = Math.multiplyExact(rows, width);
            if (data.length < size) {
                data = new float[size];
                views.clear();
            }
            for (int i = 0; i < views.size(); i++) {
                if (views.get(i).stride() == width) {
                    return views.get(i);
                }
            }
            Rows view = new Rows(data, 0, width);
            views.add(view);
            return view;
        }
    }

    /** A buffer for {@code rows × width} elements that is not the one behind {@code current}. */
    Rows other(Rows current, int rows, int width) {
        return (current.data() == first.data ? second : first).view(rows, width);
    }

    /** Says that activations change: what tied operators share is computed anew. */
    public void forget() {
        sharedSite = null;
    }

    /** Whether {@link #shared} is what {@code site} makes of {@code x}. */
    boolean holds(PackedMatrix[] site, Rows x, int rows) {
        return site == sharedSite && x == sharedInput && rows == sharedRows;
    }

    Rows shared(int rows, int width) {
        return shared.view(rows, width);
    }

    /** Where to put what {@code site} makes of {@code x}, for the operators that share it. */
    Rows share(PackedMatrix[] site, Rows x, int rows, int width) {
        sharedSite = site;
        sharedInput = x;
        sharedRows = rows;
        return shared.view(rows, width);
    }

    MatmulTask matmul() {
        return matmul;
    }
}
