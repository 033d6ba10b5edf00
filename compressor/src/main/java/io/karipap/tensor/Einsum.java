package io.karipap.tensor;

import io.karipap.linalg.LinearAlgebra;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Contracts any number of tensors, two at a time: always the pair whose product is the smallest compared with what it replaces. */
public final class Einsum {
    private Einsum() {}

    /**
     * Multiplies everything and sums over every index that is not in {@code output}. An index may be in more than two tensors.
     *
     * @return a tensor with the indices {@code output}, in that order
     */
    public static NamedTensor contract(Collection<NamedTensor> tensors, List<String> output, LinearAlgebra algebra) {
        List<NamedTensor> left = new ArrayList<>(tensors);
        Map<String, Integer> uses = new HashMap<>();
        left.forEach(tensor -> tensor.names().forEach(name -> uses.merge(name, 1, Integer::sum)));
        Set<String> kept = new HashSet<>(output);
        while (left.size() > 1) {
            int bestA = 0;
            int bestB = 1;
            double bestScore = Double.POSITIVE_INFINITY;
            for (int a = 0; a < left.size(); a++) {
                for (int b = a + 1; b < left.size(); b++) {
                    double score = score(left.get(a), left.get(b), uses, kept);
                    if (score < bestScore) {
                        bestScore = score;
                        bestA = a;
                        bestB = b;
                    }
                }
            }
            NamedTensor b = left.remove(bestB);
            NamedTensor a = left.remove(bestA);
            Set<String> copied = new HashSet<>();
            for (String name : a.names()) {
                if (b.has(name) && (kept.contains(name) || uses.get(name) > 2)) {
                    copied.add(name);
                    uses.merge(name, -1, Integer::sum);
                }
            }
            left.add(a.times(b, copied, algebra));
        }
        return left.getFirst().ordered(output);
    }

    private static double score(NamedTensor a, NamedTensor b, Map<String, Integer> uses, Set<String> kept) {
        double result = 1;
        boolean joined = false;
        for (int i = 0; i < a.sizes().length; i++) {
            String name = a.names().get(i);
            boolean shared = b.has(name);
            joined |= shared && a.sizes()[i] > 1;
            if (!shared || kept.contains(name) || uses.get(name) > 2) {
                result *= a.sizes()[i];
            }
        }
        for (int i = 0; i < b.sizes().length; i++) {
            result *= a.has(b.names().get(i)) ? 1 : b.sizes()[i];
        }
        double score = result - a.data().length - b.data().length;
        return joined ? score : score + 1e15; // an outer product only where nothing else is left
    }
}
