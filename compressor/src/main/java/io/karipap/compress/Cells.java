package io.karipap.compress;

import io.karipap.compress.Choice.AllOf;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.OneOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The alternatives for the cells of a model with their error-versus-cost curves. An error is weighed by the operator's sensitivity, so that
 * losses of different operators may be added.
 */
final class Cells {
    /** Bonds of block and layer lattices are tried at these shares of the dense parameters. */
    static final double[] SHARES = {0.05, 0.1, 0.15, 0.2, 0.26, 0.33, 0.42, 0.52, 0.64, 0.8};

    private final LowRankFamilies lowRanks;
    private final TiedFamilies tied;
    private final LayerFamilies layers;
    private final BlockFamilies blocks;
    private final ChainFamilies chains;
    private final LatticeFamilies lattices;

    Cells(CellCosts costs) {
        lowRanks = new LowRankFamilies(costs);
        tied = new TiedFamilies(costs);
        layers = new LayerFamilies(costs);
        blocks = new BlockFamilies(costs);
        chains = new ChainFamilies(costs);
        lattices = new LatticeFamilies(costs);
    }

    /** All alternatives for all operators, as one tree. */
    Choice tree(Ansatz ansatz, List<Map<String, Operator>> blocks, List<Operator> others) {
        List<Choice> parts = new ArrayList<>();
        others.forEach(operator -> parts.add(lowRanks.lowRank(operator, ansatz == Ansatz.PLAIN_SVD)));
        for (int layer = 0; layer < blocks.size(); layer += 2) {
            Map<String, Operator> first = blocks.get(layer);
            Map<String, Operator> second = layer + 1 < blocks.size() ? blocks.get(layer + 1) : null;
            for (List<String> cell :
                    List.of(List.of("Q", "K", "V"), List.of("O"), List.of("GATE", "UP"), List.of("DOWN"))) {
                parts.add(cell(ansatz, cell, first, second));
            }
        }
        return new AllOf(parts);
    }

    private Choice cell(Ansatz ansatz, List<String> kinds, Map<String, Operator> first, Map<String, Operator> second) {
        List<Choice> byBlock = new ArrayList<>();
        for (Map<String, Operator> block : second == null ? List.of(first) : List.of(first, second)) {
            List<Operator> members = kinds.stream().map(block::get).toList();
            List<Choice> alternatives = new ArrayList<>();
            alternatives.add(new AllOf(
                    members.stream().map(member -> single(ansatz, member)).toList()));
            if (members.size() > 1 && (ansatz == Ansatz.TIED || ansatz == Ansatz.AUTO)) {
                Family shared = tied.of(members, sharedName(members.getFirst().name(), kinds));
                if (!shared.options().isEmpty()) {
                    alternatives.add(shared);
                }
            }
            byBlock.add(new OneOf(alternatives));
        }
        Choice apart = new AllOf(byBlock);
        if (second == null || ansatz != Ansatz.LAYER && ansatz != Ansatz.AUTO) {
            return apart;
        }
        List<Choice> perKind = new ArrayList<>();
        for (String kind : kinds) {
            List<Operator> pair = List.of(first.get(kind), second.get(kind));
            Family family = layers.of(pair, first.get(kind).name() + ".shared");
            Choice dense = new AllOf(pair.stream().map(lowRanks::dense).toList());
            perKind.add(family.options().isEmpty() ? dense : new OneOf(List.of(family, dense)));
        }
        return ansatz == Ansatz.LAYER ? new AllOf(perKind) : new OneOf(List.of(apart, new AllOf(perKind)));
    }

    private static String sharedName(String firstName, List<String> kinds) {
        String layer = firstName.substring(0, firstName.lastIndexOf('.', firstName.lastIndexOf('.') - 1));
        return layer + "." + String.join("_", kinds).toLowerCase(Locale.ROOT) + ".shared";
    }

    private Choice single(Ansatz ansatz, Operator operator) {
        return switch (ansatz) {
            case LOW_RANK, PLAIN_SVD -> lowRanks.lowRank(operator, ansatz == Ansatz.PLAIN_SVD);
            case TIED -> lowRanks.lowRank(operator, false);
            case LAYER -> lowRanks.dense(operator);
            case BLOCK -> {
                Family grids = blocks.of(operator);
                yield grids.options().isEmpty()
                        ? lowRanks.dense(operator)
                        : new OneOf(List.of(grids, lowRanks.dense(operator)));
            }
            case MPO -> chains.of(operator);
            case PEPS -> lattices.of(operator);
            case AUTO -> {
                Family grids = blocks.of(operator);
                Family lowRank = lowRanks.lowRank(operator, false);
                yield grids.options().isEmpty() ? lowRank : new OneOf(List.of(lowRank, grids));
            }
        };
    }
}
