package io.karipap.network;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An operator as an einsum over named indices: the product of all sites, summed over the bonds. Every ansatz is one of these. Digits of
 * out and in are ordered as the indices are.
 *
 * @param operator name of the weight matrix that it stands for
 * @param indices all indices
 * @param sites all sites
 */
public record TensorNetwork(String operator, List<Index> indices, List<Site> sites) {
    /** More sites than any ansatz has; a hostile file shall not make the planner run for ever. */
    public static final int MAX_SITES = 64;

    /**
     * @throws IllegalArgumentException if a name is unknown or doubled, a bond is in fewer than two sites, or a physical leg
     *     in none
     */
    public TensorNetwork {
        indices = List.copyOf(indices);
        sites = List.copyOf(sites);
        if (sites.isEmpty() || sites.size() > MAX_SITES) {
            throw new IllegalArgumentException(
                    "operator \"" + operator + "\" has " + sites.size() + " sites, expected 1.." + MAX_SITES);
        }
        Map<String, Integer> uses = new HashMap<>();
        for (Index index : indices) {
            if (uses.put(index.name(), 0) != null) {
                throw new IllegalArgumentException(
                        "operator \"" + operator + "\" has two indices named \"" + index.name() + "\"");
            }
        }
        for (Site site : sites) {
            Set<String> own = new HashSet<>(site.indices());
            if (own.size() != site.indices().size() || !uses.keySet().containsAll(own)) {
                throw new IllegalArgumentException("operator \"" + operator + "\": site \"" + site.tensor()
                        + "\" has unknown or repeated indices " + site.indices());
            }
            own.forEach(name -> uses.merge(name, 1, Integer::sum));
        }
        for (Index index : indices) {
            int count = uses.get(index.name());
            if (count < (index.leg() == Leg.BOND ? 2 : 1)) {
                throw new IllegalArgumentException("operator \"" + operator + "\": index \"" + index.name() + "\" ("
                        + index.leg() + ") is in " + count + " sites");
            }
        }
    }

    /** A matrix as it is: {@code o ── [o i] ── i}. */
    public static TensorNetwork dense(String operator, int out, int in) {
        return new TensorNetwork(
                operator,
                List.of(new Index("o", out, Leg.OUT), new Index("i", in, Leg.IN)),
                List.of(new Site(operator, List.of("o", "i"))));
    }

    /** Two sites joined by one bond: {@code o ── [o r] ── r ── [r i] ── i}. */
    public static TensorNetwork lowRank(String operator, int out, int in, int rank) {
        return new TensorNetwork(
                operator,
                List.of(new Index("o", out, Leg.OUT), new Index("i", in, Leg.IN), new Index("r", rank, Leg.BOND)),
                List.of(
                        new Site(operator + ".site0", List.of("o", "r")),
                        new Site(operator + ".site1", List.of("r", "i"))));
    }

    /** Output features. */
    public int out() {
        return product(Leg.OUT);
    }

    /** Input features. */
    public int in() {
        return product(Leg.IN);
    }

    /** The index {@code name}. */
    public Index index(String name) {
        for (Index index : indices) {
            if (index.name().equals(name)) {
                return index;
            }
        }
        throw new IllegalArgumentException("operator \"" + operator + "\" has no index \"" + name + "\"");
    }

    /** Dimensions of a site's tensor. */
    public List<Integer> shape(Site site) {
        return site.indices().stream().map(name -> index(name).size()).toList();
    }

    /** Weights of every distinct site tensor. */
    public Map<String, Long> parameters() {
        Map<String, Long> parameters = new LinkedHashMap<>();
        for (Site site : sites) {
            long count = 1;
            for (int size : shape(site)) {
                count = Math.multiplyExact(count, size);
            }
            parameters.put(site.tensor(), count);
        }
        return parameters;
    }

    /** Weights of all distinct site tensors together. */
    public long parameterCount() {
        return parameters().values().stream().mapToLong(Long::longValue).sum();
    }

    private int product(Leg leg) {
        int product = 1;
        for (Index index : indices) {
            if (index.leg() == leg) {
                product = Math.multiplyExact(product, index.size());
            }
        }
        return product;
    }
}
