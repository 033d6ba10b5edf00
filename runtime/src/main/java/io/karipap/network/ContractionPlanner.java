package io.karipap.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the order of absorption with the fewest multiply-adds: exactly, by dynamic programming over subsets of sites, where there are
 * few enough; greedily otherwise. Which indices the activation has after a subset is absorbed does not depend on the order.
 */
public final class ContractionPlanner {
    /** 2¹⁶ subsets of sites are planned in milliseconds. */
    private static final int MAX_EXACT_SITES = 16;

    private final TensorNetwork network;

    private ContractionPlanner(TensorNetwork network) {
        this.network = network;
    }

    /** @throws IllegalArgumentException if every order makes an activation of more than 2³¹ elements */
    public static ContractionPlan plan(TensorNetwork network) {
        ContractionPlanner planner = new ContractionPlanner(network);
        try {
            List<Integer> order =
                    network.sites().size() <= MAX_EXACT_SITES ? planner.exactOrder() : planner.greedyOrder();
            List<ContractionStep> steps = new ArrayList<>();
            long absorbed = 0;
            for (int site : order) {
                steps.add(planner.step(absorbed, site));
                absorbed |= 1L << site;
            }
            return new ContractionPlan(network, steps, Map.of());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "operator \"" + network.operator() + "\" cannot be contracted: activations become too large", e);
        }
    }

    private List<Integer> exactOrder() {
        int sites = network.sites().size();
        long[] cost = new long[1 << sites];
        int[] last = new int[1 << sites];
        java.util.Arrays.fill(cost, Long.MAX_VALUE);
        cost[0] = 0;
        for (int absorbed = 0; absorbed < cost.length; absorbed++) {
            if (cost[absorbed] == Long.MAX_VALUE) {
                continue;
            }
            for (int site = 0; site < sites; site++) {
                int next = absorbed | 1 << site;
                if (next == absorbed) {
                    continue;
                }
                long fma = fma(absorbed, site);
                if (fma != Long.MAX_VALUE && cost[absorbed] + fma < cost[next]) {
                    cost[next] = cost[absorbed] + fma;
                    last[next] = site;
                }
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int absorbed = cost.length - 1; absorbed != 0; absorbed ^= 1 << last[absorbed]) {
            if (cost[absorbed] == Long.MAX_VALUE) {
                throw new ArithmeticException();
            }
            order.addFirst(last[absorbed]);
        }
        return order;
    }

    private List<Integer> greedyOrder() {
        List<Integer> order = new ArrayList<>();
        long absorbed = 0;
        while (order.size() < network.sites().size()) {
            int best = -1;
            long bestFma = Long.MAX_VALUE;
            for (int site = 0; site < network.sites().size(); site++) {
                long fma = (absorbed >> site & 1) != 0 ? Long.MAX_VALUE : fma(absorbed, site);
                if (fma < bestFma) {
                    best = site;
                    bestFma = fma;
                }
            }
            if (best < 0) {
                throw new ArithmeticException();
            }
            order.add(best);
            absorbed |= 1L << best;
        }
        return order;
    }

    private long fma(long absorbed, int site) {
        try {
            return step(absorbed, site).fma();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // this order is out of the question
        }
    }

    private ContractionStep step(long absorbed, int site) {
        List<String> siteIndices = network.sites().get(site).indices();
        Map<String, Integer> usesLeft = new HashMap<>();
        for (int other = 0; other < network.sites().size(); other++) {
            if (other != site && (absorbed >> other & 1) == 0) {
                network.sites().get(other).indices().forEach(name -> usesLeft.merge(name, 1, Integer::sum));
            }
        }
        List<Index> kept = new ArrayList<>();
        List<Index> batch = new ArrayList<>();
        List<Index> contracted = new ArrayList<>();
        List<Index> produced = new ArrayList<>();
        for (Index index : network.indices()) {
            boolean inActivation = isInActivation(index, absorbed);
            boolean inSite = siteIndices.contains(index.name());
            boolean needed = index.leg() == Leg.OUT || usesLeft.containsKey(index.name());
            if (inActivation && inSite) {
                (needed ? batch : contracted).add(index);
            } else if (inActivation) {
                kept.add(index);
            } else if (inSite) {
                produced.add(index);
            }
        }
        long fma = (long) ContractionStep.size(kept) * ContractionStep.size(batch);
        fma = Math.multiplyExact(
                fma, Math.multiplyExact((long) ContractionStep.size(contracted), ContractionStep.size(produced)));
        ContractionStep step = new ContractionStep(site, kept, batch, contracted, produced, fma);
        step.outputSize(); // fails where it overflows
        return step;
    }

    /** Whether the activation has {@code index} once the sites in the bit set {@code absorbed} are contracted with it. */
    private boolean isInActivation(Index index, long absorbed) {
        boolean inAbsorbed = false;
        boolean inRest = false;
        for (int site = 0; site < network.sites().size(); site++) {
            if (network.sites().get(site).indices().contains(index.name())) {
                boolean done = (absorbed >> site & 1) != 0;
                inAbsorbed |= done;
                inRest |= !done;
            }
        }
        return switch (index.leg()) {
            case IN -> inRest;
            case OUT -> inAbsorbed;
            case BOND -> inAbsorbed && inRest;
        };
    }
}
