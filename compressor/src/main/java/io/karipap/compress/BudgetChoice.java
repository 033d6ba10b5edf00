package io.karipap.compress;

import io.karipap.compress.Choice.Option;
import io.karipap.directory.ModelSize;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.model.Progress;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** Decides what becomes of every operator, so that the budget is met. */
final class BudgetChoice {
    private final CompressionOptions options;
    private final DenseModel model;
    private final CellCosts costs;
    private final CandidateModel judge;
    private final DoubleSupplier denseNats;
    private final SiteBuilder builder;
    private final Stages stages;
    private final Progress progress;

    /**
     * @param model its operators, with their sensitivities
     * @param denseNats nats per token of the dense model on the judge's text
     */
    BudgetChoice(
            CompressionOptions options,
            DenseModel model,
            CellCosts costs,
            CandidateModel judge,
            DoubleSupplier denseNats,
            SiteBuilder builder,
            Stages stages,
            Progress progress) {
        this.options = options;
        this.model = model;
        this.costs = costs;
        this.judge = judge;
        this.denseNats = denseNats;
        this.builder = builder;
        this.stages = stages;
        this.progress = progress;
    }

    List<Option> choose(TensorStore store) throws IOException {
        Set<String> names = new HashSet<>();
        model.all().forEach(operator -> names.add(operator.name()));
        ModelSize before = ModelSize.of(store);
        long fixedParameters = before.parameters();
        long fixedBytes = before.bytes();
        for (String name : names) {
            fixedParameters -= store.tensors().get(name).elements();
            fixedBytes -= store.tensors().get(name).bytes();
        }
        long fixed = fixedParameters;
        return switch (options.budget()) {
            case Budget.FullRank full -> everyBlock(new LowRankFamilies(costs)::fullRank);
            case Budget.ParameterRatio ratio ->
                best(
                        new Cells(costs),
                        Math.round(ratio.ratio() * before.parameters()) - fixed,
                        false,
                        "a parameter ratio of " + ratio.ratio());
            case Budget.Bytes bytes ->
                best(
                        new Cells(costs.withTypes(List.of(WeightType.Q8, WeightType.Q4))),
                        bytes.bytes() - fixedBytes,
                        true,
                        "a size of " + bytes.bytes() + " bytes");
            case Budget.PerplexityIncrease increase -> smallest(fixed, before.parameters(), increase.share());
        };
    }

    /** What loses least within the budget. AUTO tries the mixed choice and every single ansatz, and takes the best. */
    private List<Option> best(Cells cells, long budget, boolean inBytes, String what) throws IOException {
        if (options.ansatz() != Ansatz.AUTO) {
            return stages.run("choose", () -> allocate(tree(cells, options.ansatz()), budget, inBytes, what));
        }
        List<Option> best = null;
        double bestNats = Double.POSITIVE_INFINITY;
        for (Ansatz ansatz : new Ansatz[] {Ansatz.AUTO, Ansatz.LOW_RANK, Ansatz.TIED, Ansatz.LAYER, Ansatz.BLOCK}) {
            List<Option> candidate = stages.run("choose", () -> allocate(tree(cells, ansatz), budget, inBytes, what));
            double nats = stages.run("judge candidates", () -> judge(candidate));
            if (nats < bestNats) {
                bestNats = nats;
                best = candidate;
            }
        }
        return best;
    }

    /** Embeddings and head as they are, and for every operator of a block what {@code block} says. */
    private List<Option> everyBlock(Function<Operator, Option> block) {
        LowRankFamilies families = new LowRankFamilies(costs);
        return model.all().stream()
                .map(operator -> model.others().contains(operator)
                        ? families.dense(operator).options().getFirst()
                        : block.apply(operator))
                .toList();
    }

    /** All alternatives: the same for every budget. */
    private Choice tree(Cells cells, Ansatz ansatz) {
        String stage = "choose " + ansatz.label();
        progress.report(stage, 0, 1);
        Choice tree = cells.tree(ansatz, model.blocks(), model.others());
        progress.report(stage, 1, 1);
        return tree;
    }

    private static List<Option> allocate(Choice tree, long budget, boolean inBytes, String what) {
        try {
            return Allocation.allocate(tree, budget, inBytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " cannot be met: " + e.getMessage(), e);
        }
    }

    private double judge(List<Option> candidate) {
        Map<String, float[]> replaced = new HashMap<>();
        builder.build(candidate, "judge candidates")
                .forEach((name, network) ->
                        replaced.put(name, network.dense(costs.algebra()).toFloats()));
        return judge.natsPerToken(replaced);
    }

    /** The fewest parameters at which the perplexity on the text kept aside is within the limit. */
    private List<Option> smallest(long fixed, long total, double share) throws IOException {
        double limit = Math.log1p(share) + denseNats.getAsDouble();
        if (options.ansatz() == Ansatz.PEPS) {
            return sweep(limit, share);
        }
        Choice tree = stages.run("choose", () -> tree(new Cells(costs), options.ansatz()));
        double low = 0.02;
        double high = 1;
        List<Option> best = null;
        for (int i = 0; i < 8; i++) {
            double ratio = (low + high) / 2;
            List<Option> candidate;
            try {
                candidate = stages.run(
                        "choose",
                        () -> allocate(
                                tree, Math.round(ratio * total) - fixed, false, "a parameter ratio of " + ratio));
            } catch (IllegalArgumentException e) {
                low = ratio;
                continue;
            }
            if (stages.run("judge candidates", () -> judge(candidate)) <= limit) {
                high = ratio;
                best = candidate;
            } else {
                low = ratio;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("nothing smaller than the dense model keeps the perplexity within "
                    + share * 100 + " % of its own");
        }
        return best;
    }

    /**
     * Lowers the bonds of all lattices by one and one, each in its environment and optimised after every step, while the model predicts the
     * text kept aside well enough. Embeddings stay dense. Every step is kept, so that a run that was killed goes on with the next.
     */
    private List<Option> sweep(double limit, double share) throws IOException {
        LatticeFamilies lattices = new LatticeFamilies(costs);
        int start = LatticeFamilies.SWEEP_BOND;
        List<Option> best = null;
        for (int bond = start; bond >= 1; bond--) {
            int size = bond;
            List<Option> candidate = everyBlock(operator -> lattices.at(operator, start, size, options.type()));
            progress.report("lower bonds", start - bond, start);
            if (stages.run("lower bonds", () -> judge(candidate)) > limit) {
                break;
            }
            best = candidate;
        }
        if (best == null) {
            throw new IllegalArgumentException(
                    "a 2×2 lattice of bond " + start + " does not keep the perplexity within " + share * 100
                            + " % of the dense model's; a limit that it can meet is higher, or choose another ansatz");
        }
        return best;
    }
}
