package io.karipap.compress;

import io.karipap.compress.Choice.Option;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** Decides what becomes of every operator, so that the budget is met. */
final class BudgetChoice {
    private final CompressionOptions options;
    private final DenseModel model;
    private final WorkFiles files;
    private final LinearAlgebra algebra;
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
            WorkFiles files,
            LinearAlgebra algebra,
            CandidateModel judge,
            DoubleSupplier denseNats,
            SiteBuilder builder,
            Stages stages,
            Progress progress) {
        this.options = options;
        this.model = model;
        this.files = files;
        this.algebra = algebra;
        this.judge = judge;
        this.denseNats = denseNats;
        this.builder = builder;
        this.stages = stages;
        this.progress = progress;
    }

    private CellCosts costs(List<WeightType> types) {
        return new CellCosts(files, algebra, types == null ? Arrays.asList(options.type()) : types);
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
            case Budget.FullRank full -> {
                LowRankFamilies families = new LowRankFamilies(costs(null));
                List<Option> all = new ArrayList<>();
                for (Operator operator : model.all()) {
                    all.add(
                            model.others().contains(operator)
                                    ? families.dense(operator).options().getFirst()
                                    : families.fullRank(operator));
                }
                yield all;
            }
            case Budget.ParameterRatio ratio -> {
                long budget = Math.round(ratio.ratio() * before.parameters()) - fixed;
                yield best(null, budget, false, "a parameter ratio of " + ratio.ratio());
            }
            case Budget.Bytes bytes ->
                best(
                        List.of(WeightType.Q8, WeightType.Q4),
                        bytes.bytes() - fixedBytes,
                        true,
                        "a size of " + bytes.bytes() + " bytes");
            case Budget.PerplexityIncrease increase -> smallest(fixed, before.parameters(), increase.share());
        };
    }

    /** What loses least within the budget. AUTO tries the mixed choice and every single ansatz, and takes the best. */
    private List<Option> best(List<WeightType> types, long budget, boolean inBytes, String what) throws IOException {
        if (options.ansatz() != Ansatz.AUTO) {
            return stages.run("choose", () -> allocate(types, options.ansatz(), budget, inBytes, what));
        }
        List<Option> best = null;
        double bestNats = Double.POSITIVE_INFINITY;
        for (Ansatz ansatz : new Ansatz[] {Ansatz.AUTO, Ansatz.LOW_RANK, Ansatz.TIED, Ansatz.LAYER, Ansatz.BLOCK}) {
            List<Option> candidate = stages.run("choose", () -> allocate(types, ansatz, budget, inBytes, what));
            double nats = stages.run("judge candidates", () -> judge(candidate));
            if (nats < bestNats) {
                bestNats = nats;
                best = candidate;
            }
        }
        return best;
    }

    private List<Option> allocate(List<WeightType> types, Ansatz ansatz, long budget, boolean inBytes, String what) {
        progress.report("choose " + ansatz.name().toLowerCase(Locale.ROOT), 0, 1);
        Choice tree = new Cells(costs(types)).tree(ansatz, model.blocks(), model.others());
        progress.report("choose " + ansatz.name().toLowerCase(Locale.ROOT), 1, 1);
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
                        replaced.put(name, network.dense(algebra).toFloats()));
        return judge.natsPerToken(replaced);
    }

    /** The fewest parameters at which the perplexity on the text kept aside is within the limit. */
    private List<Option> smallest(long fixed, long total, double share) throws IOException {
        double limit = Math.log1p(share) + denseNats.getAsDouble();
        if (options.ansatz() == Ansatz.PEPS) {
            return sweep(limit, share);
        }
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
                                null,
                                options.ansatz(),
                                Math.round(ratio * total) - fixed,
                                false,
                                "a parameter ratio of " + ratio));
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
        CellCosts costs = costs(null);
        LatticeFamilies lattices = new LatticeFamilies(costs);
        LowRankFamilies dense = new LowRankFamilies(costs);
        int start = LatticeFamilies.SWEEP_BOND;
        List<Option> best = null;
        for (int bond = start; bond >= 1; bond--) {
            List<Option> candidate = new ArrayList<>();
            for (Operator operator : model.all()) {
                candidate.add(
                        model.others().contains(operator)
                                ? dense.dense(operator).options().getFirst()
                                : lattices.at(operator, start, bond, options.type()));
            }
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
