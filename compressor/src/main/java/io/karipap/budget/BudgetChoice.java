package io.karipap.budget;

import io.karipap.ansatz.BondDescent;
import io.karipap.ansatz.Form;
import io.karipap.code.StoredAs;
import io.karipap.directory.ModelSize;
import io.karipap.environment.Factors;
import io.karipap.environment.Stages;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.model.Progress;
import io.karipap.operator.DenseModel;
import io.karipap.operator.Operator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Decides what becomes of every operator, so that the budget is met. */
public final class BudgetChoice {
    /** Halvings of the range of sizes in which the smallest is looked for that a monitor accepts. */
    private static final int HALVINGS = 8;

    private final DenseModel model;
    private final Factors factors;
    private final Judge judge;
    private final Stages stages;
    private final Progress progress;

    /**
     * @param model its operators, with their sensitivities
     * @param judge decides between candidates
     */
    public BudgetChoice(DenseModel model, Factors factors, Judge judge, Stages stages, Progress progress) {
        this.model = model;
        this.factors = factors;
        this.judge = judge;
        this.stages = stages;
        this.progress = progress;
    }

    /**
     * What loses least within a budget.
     *
     * @param repertoire how operators may be written
     * @param stored how they are stored; a budget in bytes chooses itself among 8 and 4 bits
     * @param store the dense model
     * @throws IllegalArgumentException if the budget cannot be met
     */
    public List<Option> choose(Budget budget, Repertoire repertoire, StoredAs stored, TensorStore store)
            throws IOException {
        ModelSize before = ModelSize.of(store);
        long fixedParameters = before.parameters();
        long fixedBytes = before.bytes();
        for (Operator operator : model.all()) {
            Tensor tensor = store.tensors().get(operator.name());
            fixedParameters -= tensor.elements();
            fixedBytes -= tensor.bytes();
        }
        Pricing pricing = new Pricing(factors, List.of(stored));
        return switch (budget) {
            case Budget.ParameterRatio(double ratio) ->
                best(
                        new CellTree(model, pricing),
                        repertoire,
                        new Limit(
                                Math.round(ratio * before.parameters()) - fixedParameters,
                                CostUnit.PARAMETERS,
                                "a parameter ratio of " + ratio));
            case Budget.Bytes(long bytes) ->
                best(
                        new CellTree(model, new Pricing(factors, codes())),
                        repertoire,
                        new Limit(bytes - fixedBytes, CostUnit.BYTES, "a size of " + bytes + " bytes"));
            case Budget.PerplexityIncrease(double share) -> {
                double nats = Math.log1p(share) + judge.denseNats();
                if (repertoire instanceof Repertoire.Only(BondDescent descent)) {
                    yield lowered(descent, pricing, nats, share);
                }
                Alternatives tree = stages.run("choose", () -> tree(new CellTree(model, pricing), repertoire));
                yield smallest(tree, fixedParameters, before.parameters(), nats, share);
            }
        };
    }

    private static List<StoredAs> codes() {
        return List.of(new StoredAs.OneType(WeightType.Q8), new StoredAs.OneType(WeightType.Q4));
    }

    /**
     * What the operators may cost together.
     *
     * @param asked the budget in words
     */
    private record Limit(long cost, CostUnit unit, String asked) {
        List<Option> allocate(Alternatives tree) {
            try {
                return Allocation.allocate(tree, cost, unit);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(asked + " cannot be met: " + e.getMessage(), e);
            }
        }
    }

    /** What loses least within the limit; of several candidates, the one that predicts the text kept aside best. */
    private List<Option> best(CellTree cells, Repertoire repertoire, Limit limit) throws IOException {
        List<Repertoire> candidates = repertoire.candidates();
        List<Option> best = List.of();
        double bestNats = Double.POSITIVE_INFINITY;
        for (Repertoire each : candidates) {
            List<Option> candidate = stages.run("choose", () -> limit.allocate(tree(cells, each)));
            if (candidates.size() == 1) {
                return candidate;
            }
            double nats = stages.run("judge candidates", () -> judge.nats(candidate));
            if (nats < bestNats) {
                bestNats = nats;
                best = candidate;
            }
        }
        return best;
    }

    /** All alternatives: the same for every budget. */
    private Alternatives tree(CellTree cells, Repertoire repertoire) {
        String stage = "choose " + repertoire.label();
        progress.report(stage, 0, 1);
        Alternatives tree = cells.of(repertoire);
        progress.report(stage, 1, 1);
        return tree;
    }

    /** The fewest parameters at which the nats per token on the text kept aside are within the limit. */
    private List<Option> smallest(Alternatives tree, long fixed, long total, double nats, double share)
            throws IOException {
        double low = 0.02;
        double high = 1;
        List<Option> best = List.of();
        for (int i = 0; i < HALVINGS; i++) {
            double ratio = (low + high) / 2;
            Limit limit =
                    new Limit(Math.round(ratio * total) - fixed, CostUnit.PARAMETERS, "a parameter ratio of " + ratio);
            List<Option> candidate;
            try {
                candidate = stages.run("choose", () -> limit.allocate(tree));
            } catch (IllegalArgumentException e) {
                low = ratio;
                continue;
            }
            if (stages.run("judge candidates", () -> judge.nats(candidate)) <= nats) {
                high = ratio;
                best = candidate;
            } else {
                low = ratio;
            }
        }
        if (best.isEmpty()) {
            throw new IllegalArgumentException("nothing smaller than the dense model keeps the perplexity within "
                    + share * 100 + " % of its own");
        }
        return best;
    }

    /**
     * Lowers the bonds of all operators of blocks by one and one, each from the form before, while the model predicts the text kept aside
     * well enough. Embeddings stay dense. Every step is kept, so that a run that was killed goes on with the next.
     */
    private List<Option> lowered(BondDescent descent, Pricing pricing, double nats, double share) throws IOException {
        int start = descent.firstBond();
        List<Option> best = List.of();
        for (int bond = start; bond >= 1; bond--) {
            List<Option> candidate = at(descent, bond, pricing);
            progress.report("lower bonds", start - bond, start);
            if (stages.run("lower bonds", () -> judge.nats(candidate)) > nats) {
                break;
            }
            best = candidate;
        }
        if (best.isEmpty()) {
            throw new IllegalArgumentException(descent.describe(start) + " does not keep the perplexity within "
                    + share * 100
                    + " % of the dense model's; a limit that it can meet is higher, or choose another ansatz");
        }
        return best;
    }

    private List<Option> at(BondDescent descent, int bond, Pricing pricing) {
        StoredAs stored = pricing.storages().getFirst();
        List<Option> options = new ArrayList<>();
        model.others().forEach(operator -> options.add(pricing.option(new Form.Dense(operator), stored)));
        model.inBlocks().forEach(operator -> options.add(pricing.option(descent.at(operator, bond, factors), stored)));
        return options;
    }
}
