package io.karipap.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiles against running over all elements. */
class PermutationTest {
    private static final List<Index> INDICES = List.of(
            new Index("a", 5, Leg.BOND),
            new Index("b", 17, Leg.BOND),
            new Index("c", 1, Leg.BOND),
            new Index("d", 33, Leg.BOND),
            new Index("e", 2, Leg.BOND));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void elementsGoWhereTheirIndicesGo(int threads) {
        Random random = new Random(7);
        int width = 5 * 17 * 33 * 2;
        try (WorkerTeam team = new WorkerTeam(threads)) {
            for (int trial = 0; trial < 40; trial++) {
                List<Index> from = new ArrayList<>(INDICES);
                List<Index> to = new ArrayList<>(INDICES);
                Collections.shuffle(from, random);
                Collections.shuffle(to, random);
                Permutation permutation = Permutation.of(from, to);
                if (permutation == null) {
                    continue;
                }
                Rows x = new Rows(new float[3 * width + 10], 4, width + 3);
                for (int i = 0; i < x.data().length; i++) {
                    x.data()[i] = i;
                }
                Rows y = Rows.allocate(3, width);
                permutation.apply(x, y, 3, team);
                for (int row = 0; row < 3; row++) {
                    for (int i = 0; i < width; i++) {
                        assertThat(y.data()[y.at(row) + i])
                                .as("%s to %s, element %d", from, to, i)
                                .isEqualTo(x.at(row) + sourceOf(i, from, to));
                    }
                }
            }
        }
    }

    private static int sourceOf(int target, List<Index> from, List<Index> to) {
        int source = 0;
        int rest = target;
        for (Index index : to.reversed()) {
            int stride = 1;
            for (Index inner : from.subList(from.indexOf(index) + 1, from.size())) {
                stride *= inner.size();
            }
            source += rest % index.size() * stride;
            rest /= index.size();
        }
        return source;
    }

    @Test
    void whatChangesNothingIsNoPermutation() {
        List<Index> moved = new ArrayList<>(INDICES);
        moved.add(0, moved.remove(2)); // of size one
        assertThat(Permutation.of(INDICES, INDICES)).isNull();
        assertThat(Permutation.of(INDICES, moved)).isNull();
    }
}
