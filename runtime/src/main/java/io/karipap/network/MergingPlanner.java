package io.karipap.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans with neighbouring sites contracted beforehand where that pays: a lattice of small bonds takes many small products a row, each of
 * them mostly overhead, and two of its sites in one are still far from the dense matrix.
 */
public final class MergingPlanner {
    /** The planner is asked for every pair. */
    private static final int MOST_SITES = 6;

    /** A product has at most this share of the dense matrix's elements: as floats, a sixteenth of the bytes of a bf16 matrix. */
    private static final int DENSE_SHARE = 32;

    /** What must be left of the work, or the memory is not worth it. */
    private static final double WORTH = 0.8;

    private MergingPlanner() {}

    /**
     * A plan with as few sites as pay, decided by shapes alone.
     *
     * @throws IllegalArgumentException as {@link ContractionPlanner#plan}
     */
    public static ContractionPlan plan(TensorNetwork network) {
        ContractionPlan apart = ContractionPlanner.plan(network);
        ContractionPlan merged = apart;
        for (ContractionPlan better = apart; better != null; better = better(merged)) {
            merged = better;
        }
        return merged.work() <= WORTH * apart.work() ? merged : apart;
    }

    /** The plan with the pair merged that saves most, or null. */
    private static ContractionPlan better(ContractionPlan plan) {
        TensorNetwork network = plan.network();
        List<Site> sites = network.sites();
        if (sites.size() > MOST_SITES) {
            return null;
        }
        long most = (long) network.out() * network.in() / DENSE_SHARE;
        ContractionPlan best = null;
        double least = plan.work();
        for (int i = 0; i < sites.size(); i++) {
            for (int j = i + 1; j < sites.size(); j++) {
                SiteProduct product = SiteProduct.of(network, sites.get(i), sites.get(j));
                if (product.summed().isEmpty() || product.elements() > most) {
                    continue;
                }
                try {
                    ContractionPlan merged = merged(plan, product);
                    if (merged.work() < least) {
                        least = merged.work();
                        best = merged;
                    }
                } catch (IllegalArgumentException e) {
                    continue; // a product may make activations too large
                }
            }
        }
        return best;
    }

    private static ContractionPlan merged(ContractionPlan plan, SiteProduct product) {
        ContractionPlan merged = ContractionPlanner.plan(product.merged());
        Map<String, SiteProduct> products = new HashMap<>(plan.products());
        products.put(product.site().tensor(), product);
        return new ContractionPlan(merged.network(), merged.steps(), products);
    }
}
