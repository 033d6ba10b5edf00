package io.karipap.network;

import io.karipap.format.Tensor;
import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Two sites contracted with each other once and for all: the product over what both have, summed over the bonds that no other site has.
 *
 * @param kept indices of the product, in order
 * @param summed bonds that are gone
 */
public record SiteProduct(TensorNetwork network, Site left, Site right, List<Index> kept, List<Index> summed) {
    /** The product of two sites of a network. */
    static SiteProduct of(TensorNetwork network, Site left, Site right) {
        Set<String> others = new HashSet<>();
        for (Site site : network.sites()) {
            if (site != left && site != right) {
                others.addAll(site.indices());
            }
        }
        List<Index> kept = new ArrayList<>();
        List<Index> summed = new ArrayList<>();
        for (Index index : network.indices()) {
            if (left.indices().contains(index.name()) || right.indices().contains(index.name())) {
                boolean gone = index.leg() == Leg.BOND && !others.contains(index.name());
                (gone ? summed : kept).add(index);
            }
        }
        return new SiteProduct(network, left, right, kept, summed);
    }

    /** The site that it makes. Its name says how, so that operators that make the same of the same sites share it. */
    public Site site() {
        List<String> names = kept.stream().map(Index::name).toList();
        return new Site(left.tensor() + left.indices() + "·" + right.tensor() + right.indices() + "→" + names, names);
    }

    /** Elements of the product; may be more than fit anywhere. */
    double elements() {
        return kept.stream().mapToDouble(Index::size).reduce(1, (a, b) -> a * b);
    }

    /** The network with the product in the place of both sites. */
    TensorNetwork merged() {
        List<Site> sites = new ArrayList<>();
        for (Site site : network.sites()) {
            if (site == left) {
                sites.add(site());
            } else if (site != right) {
                sites.add(site);
            }
        }
        List<Index> indices =
                network.indices().stream().filter(i -> !summed.contains(i)).toList();
        return new TensorNetwork(network.operator(), indices, sites);
    }

    /** Contracts in double precision, to floats. */
    Tensor of(Tensor leftTensor, Tensor rightTensor) {
        long[] leftAt = SiteStrides.offsets(kept, SiteStrides.of(network, left));
        long[] rightAt = SiteStrides.offsets(kept, SiteStrides.of(network, right));
        long[] leftSummed = SiteStrides.offsets(summed, SiteStrides.of(network, left));
        long[] rightSummed = SiteStrides.offsets(summed, SiteStrides.of(network, right));
        float[] data = new float[leftAt.length];
        for (int i = 0; i < data.length; i++) {
            double sum = 0;
            for (int s = 0; s < leftSummed.length; s++) {
                sum += (double) leftTensor.get(leftAt[i] + leftSummed[s])
                        * rightTensor.get(rightAt[i] + rightSummed[s]);
            }
            data[i] = (float) sum;
        }
        List<Integer> shape = kept.stream().map(Index::size).toList();
        return new Tensor(site().tensor(), WeightType.F32, shape, MemorySegment.ofArray(data));
    }
}
