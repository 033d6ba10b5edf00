package io.karipap.network;

import io.karipap.kernels.Matmuls;
import io.karipap.kernels.Rows;
import java.util.ArrayList;
import java.util.List;

/** What contractions need besides their weights: buffers, which grow to what was needed most, and the list of a step's matmuls. */
public final class Scratch {
    private final List<Track> tracks = new ArrayList<>();
    private final Buffer gathered = new Buffer();
    private final Matmuls matmuls = new Matmuls();

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

    /**
     * An activation on its way through one operator. Steps write to two buffers in turn, permutations to a third, so that what a step
     * has made stays until the next but one: another track may read it.
     */
    static final class Track {
        private final Buffer even = new Buffer();
        private final Buffer odd = new Buffer();
        private final Buffer permuted = new Buffer();
        private Rows current;

        Rows current() {
            return current;
        }

        void current(Rows activation) {
            current = activation;
        }

        Rows output(int step, int rows, int width) {
            return (step % 2 == 0 ? even : odd).view(rows, width);
        }

        Rows permuted(int rows, int width) {
            return permuted.view(rows, width);
        }
    }

    Track track(int number) {
        while (tracks.size() <= number) {
            tracks.add(new Track());
        }
        return tracks.get(number);
    }

    /** Where rows of an embedding's first site are gathered. */
    Rows gathered(int rows, int width) {
        return gathered.view(rows, width);
    }

    Matmuls matmuls() {
        return matmuls;
    }
}
