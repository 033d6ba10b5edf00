package io.karipap.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the elements of a site lie in its tensor. */
final class SiteStrides {
    private SiteStrides() {}

    /** Elements from one value of an index to the next, by name. */
    static Map<String, Long> of(TensorNetwork network, Site site) {
        Map<String, Long> strides = new HashMap<>();
        long stride = 1;
        for (int i = site.indices().size() - 1; i >= 0; i--) {
            strides.put(site.indices().get(i), stride);
            stride *= network.index(site.indices().get(i)).size();
        }
        return strides;
    }

    /** Where each combination of the indices lies, in row-major order of the indices; those that the site has not do not move it. */
    static long[] offsets(List<Index> indices, Map<String, Long> strides) {
        long[] offsets = {0};
        for (Index index : indices) {
            long stride = strides.getOrDefault(index.name(), 0L);
            long[] finer = new long[offsets.length * index.size()];
            for (int i = 0; i < finer.length; i++) {
                finer[i] = offsets[i / index.size()] + i % index.size() * stride;
            }
            offsets = finer;
        }
        return offsets;
    }
}
