package io.karipap.ansatz;

import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.OperatorNetwork;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Makes the bonds of a network larger without changing what it stands for. */
public final class Bonds {
    private Bonds() {}

    /**
     * Widens every bond that is smaller. On one end of a bond the new entries are zero, so that the operator stays the same; on the other
     * they are noise, so that optimisation can use them.
     *
     * @param size the new dimension
     * @param noise standard deviation of the noise, relative to that of the site
     */
    public static OperatorNetwork widened(OperatorNetwork from, int size, double noise, Random random) {
        TensorNetwork old = from.network();
        List<Index> indices = old.indices().stream()
                .map(index -> index.leg() == Leg.BOND && index.size() < size
                        ? new Index(index.name(), size, Leg.BOND)
                        : index)
                .toList();
        TensorNetwork wide = new TensorNetwork(old.operator(), indices, old.sites());
        Map<String, double[]> tensors = new HashMap<>();
        Set<String> met = new HashSet<>(); // the first site of a bond gets the zeros
        for (Site site : old.sites()) {
            double[] data = from.tensors().get(site.tensor());
            double deviation = 0;
            for (double value : data) {
                deviation += value * value;
            }
            deviation = noise * Math.sqrt(deviation / data.length);
            List<Integer> oldShape = old.shape(site);
            List<Integer> shape = wide.shape(site);
            int elements = shape.stream().reduce(1, Math::multiplyExact);
            double[] grown = new double[elements];
            for (int i = 0; i < elements; i++) {
                int source = 0;
                boolean inside = true;
                boolean zero = false;
                for (int d = 0, rest = elements; d < shape.size(); d++) {
                    rest /= shape.get(d);
                    int at = i / rest % shape.get(d);
                    boolean beyond = at >= oldShape.get(d);
                    inside &= !beyond;
                    zero |= beyond && !met.contains(site.indices().get(d));
                    source = source * oldShape.get(d) + at;
                }
                grown[i] = inside ? data[source] : zero ? 0 : deviation * random.nextGaussian();
            }
            met.addAll(site.indices());
            tensors.put(site.tensor(), grown);
        }
        return new OperatorNetwork(wide, tensors);
    }
}
