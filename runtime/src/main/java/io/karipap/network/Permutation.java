package io.karipap.network;

import io.karipap.kernels.Rows;
import java.util.List;

/** Reorders the indices of an activation: element i of a row comes from element {@code sourceAt[i]}. */
final class Permutation {
    private final int[] sourceAt;

    private Permutation(int[] sourceAt) {
        this.sourceAt = sourceAt;
    }

    /** The permutation from one order to another of the same indices, or null where it is the identity. */
    static Permutation of(List<Index> from, List<Index> to) {
        int[] sourceAt = {0};
        for (Index index : to) {
            int stride = 1;
            for (int i = from.size() - 1; !from.get(i).equals(index); i--) {
                stride *= from.get(i).size();
            }
            int[] finer = new int[sourceAt.length * index.size()];
            for (int i = 0; i < finer.length; i++) {
                finer[i] = sourceAt[i / index.size()] + i % index.size() * stride;
            }
            sourceAt = finer;
        }
        boolean identity = true;
        for (int i = 0; i < sourceAt.length; i++) {
            identity &= sourceAt[i] == i;
        }
        return identity ? null : new Permutation(sourceAt);
    }

    void apply(Rows from, Rows to, int rows) {
        for (int m = 0; m < rows; m++) {
            int source = from.at(m);
            int target = to.at(m);
            for (int i = 0; i < sourceAt.length; i++) {
                to.data()[target + i] = from.data()[source + sourceAt[i]];
            }
        }
    }
}
