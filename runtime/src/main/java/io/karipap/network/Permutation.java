package io.karipap.network;

import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import java.util.ArrayList;
import java.util.List;

/**
 * Reorders the indices of an activation. Indices that stay neighbours count as one; where the last one changes, small tiles are
 * transposed, because whole columns would fall into the same few cache lines.
 */
final class Permutation {
    private static final int TILE = 16;

    /** Elements below which a permutation is not worth splitting among threads. */
    private static final int MIN_PARALLEL_ELEMENTS = 1 << 12;

    /** An index of the result. */
    private record Axis(int size, int sourceStride, int targetStride) {}

    /** Where tiles begin. */
    private final int[] sourceAt;

    private final int[] targetAt;
    private final Axis sourceLast;
    private final Axis targetLast;
    private final int tilesAlong;
    private final int elements;

    /** @param axes of the result, in its order */
    private Permutation(List<Axis> axes) {
        targetLast = axes.getLast();
        sourceLast = axes.stream()
                .filter(axis -> axis.sourceStride() == 1)
                .findFirst()
                .orElseThrow();
        int[] source = {0};
        int[] target = {0};
        for (Axis axis : axes) {
            if (axis != targetLast && axis != sourceLast) {
                source = finer(source, axis.size(), axis.sourceStride());
                target = finer(target, axis.size(), axis.targetStride());
            }
        }
        sourceAt = source;
        targetAt = target;
        elements = axes.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact);
        tilesAlong = sourceLast == targetLast ? 1 : (sourceLast.size() + TILE - 1) / TILE;
    }

    private static int[] finer(int[] offsets, int size, int stride) {
        int[] finer = new int[offsets.length * size];
        for (int i = 0; i < finer.length; i++) {
            finer[i] = offsets[i / size] + i % size * stride;
        }
        return finer;
    }

    /** The permutation from one order to another of the same indices, or null where it is the identity. */
    static Permutation of(List<Index> from, List<Index> to) {
        List<Axis> axes = new ArrayList<>();
        int targetStride = 1;
        for (Index index : to.reversed()) {
            int sourceStride = 1;
            for (int i = from.size() - 1; !from.get(i).equals(index); i--) {
                sourceStride *= from.get(i).size();
            }
            Axis inner = axes.isEmpty() ? null : axes.getFirst();
            if (inner != null && sourceStride == inner.size() * inner.sourceStride()) {
                axes.set(0, new Axis(index.size() * inner.size(), inner.sourceStride(), inner.targetStride()));
            } else if (index.size() > 1) {
                axes.addFirst(new Axis(index.size(), sourceStride, targetStride));
            }
            targetStride *= index.size();
        }
        return axes.size() < 2 ? null : new Permutation(axes);
    }

    /** Permutes {@code rows} rows. */
    void apply(Rows from, Rows to, int rows, WorkerTeam team) {
        int tiles = rows * sourceAt.length * tilesAlong;
        if (team.size() == 1 || (long) rows * elements < MIN_PARALLEL_ELEMENTS) {
            tiles(from, to, 0, tiles);
        } else {
            team.run((part, parts) ->
                    tiles(from, to, (int) ((long) tiles * part / parts), (int) ((long) tiles * (part + 1) / parts)));
        }
    }

    private void tiles(Rows from, Rows to, int first, int end) {
        for (int tile = first; tile < end; tile++) {
            int outer = tile / tilesAlong % sourceAt.length;
            int row = tile / tilesAlong / sourceAt.length;
            int source = from.at(row) + sourceAt[outer];
            int target = to.at(row) + targetAt[outer];
            if (sourceLast == targetLast) {
                System.arraycopy(from.data(), source, to.data(), target, targetLast.size());
            } else {
                int begin = tile % tilesAlong * TILE;
                transpose(from.data(), source, to.data(), target, begin, Math.min(begin + TILE, sourceLast.size()));
            }
        }
    }

    private void transpose(float[] from, int source, float[] to, int target, int begin, int end) {
        for (int column = 0; column < targetLast.size(); column += TILE) {
            int last = Math.min(column + TILE, targetLast.size());
            for (int s = begin; s < end; s++) {
                int at = target + s * sourceLast.targetStride();
                for (int t = column; t < last; t++) {
                    to[at + t] = from[source + s + t * targetLast.sourceStride()];
                }
            }
        }
    }
}
