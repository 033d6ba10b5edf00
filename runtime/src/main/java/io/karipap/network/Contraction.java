package io.karipap.network;

import io.karipap.format.Tensor;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A plan with its weights, packed so that every step is matmuls: {@code Y [M, out] = X [M, in] Wᵀ} without the matrix W. Immutable;
 * safe for one thread at a time per {@link Scratch}.
 */
public final class Contraction {
    /** Work below this many multiply-adds (some 2 µs) is not worth handing to another thread, which takes 0.4 µs. */
    private static final long MIN_PARALLEL_FMA = 30_000;

    private final ContractionPlan plan;
    private final Step[] steps;
    private final Permutation outputOrder;

    /**
     * Batched products smaller than this are computed one in every SIMD lane: a batch of 4×4 matrices, as a block lattice has them, would
     * leave most of a panel empty.
     */
    private static final int MAX_LANE_PRODUCT = 256;

    private static final int MIN_LANES = 8;

    /**
     * @param batches a matrix for every combination of the batch indices; null where they are lanes
     * @param lanes weights [produced, contracted, batch], or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Step(
            Permutation inputOrder,
            PackedMatrix[] batches,
            float[] lanes,
            int batch,
            int kept,
            int contracted,
            int produced) {}

    private Contraction(ContractionPlan plan, Step[] steps, Permutation outputOrder) {
        this.plan = plan;
        this.steps = steps;
        this.outputOrder = outputOrder;
    }

    /**
     * Packs the sites for a plan.
     *
     * @param tensors finds a site's tensor by name; its shape must be that of the site
     * @param sites packs them; sites that operators share, once
     * @throws IllegalArgumentException if a weight is not finite
     */
    public static Contraction compile(ContractionPlan plan, Function<String, Tensor> tensors, PackedSites sites) {
        TensorNetwork network = plan.network();
        List<Index> current =
                network.indices().stream().filter(i -> i.leg() == Leg.IN).toList();
        Step[] steps = new Step[plan.steps().size()];
        for (int s = 0; s < steps.length; s++) {
            ContractionStep step = plan.steps().get(s);
            boolean inLanes = inLanes(step);
            List<Index> wanted = inLanes
                    ? concat(step.contracted(), step.batch())
                    : concat(step.kept(), step.batch(), step.contracted());
            Site site = network.sites().get(step.site());
            Tensor tensor = tensors.apply(site.tensor());
            steps[s] = new Step(
                    Permutation.of(current, wanted),
                    inLanes ? null : pack(network, site, tensor, step, sites),
                    inLanes ? lanes(network, site, tensor, step) : null,
                    ContractionStep.size(step.batch()),
                    ContractionStep.size(step.kept()),
                    ContractionStep.size(step.contracted()),
                    ContractionStep.size(step.produced()));
            current = inLanes
                    ? concat(step.produced(), step.batch())
                    : concat(step.kept(), step.batch(), step.produced());
        }
        List<Index> out =
                network.indices().stream().filter(i -> i.leg() == Leg.OUT).toList();
        return new Contraction(plan, steps, Permutation.of(current, out));
    }

    private static boolean inLanes(ContractionStep step) {
        return step.kept().isEmpty()
                && ContractionStep.size(step.batch()) >= MIN_LANES
                && ContractionStep.size(step.contracted()) * ContractionStep.size(step.produced()) <= MAX_LANE_PRODUCT;
    }

    private static float[] lanes(TensorNetwork network, Site site, Tensor tensor, ContractionStep step) {
        Map<String, Long> strides = strides(network, site);
        long[] at = offsets(concat(step.produced(), step.contracted(), step.batch()), strides);
        float[] lanes = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            lanes[i] = tensor.get(at[i]);
            if (!Float.isFinite(lanes[i])) {
                throw new IllegalArgumentException("tensor \"" + site.tensor() + "\" has a weight that is not finite");
            }
        }
        return lanes;
    }

    private static Map<String, Long> strides(TensorNetwork network, Site site) {
        Map<String, Long> strides = new HashMap<>();
        long stride = 1;
        for (int i = site.indices().size() - 1; i >= 0; i--) {
            strides.put(site.indices().get(i), stride);
            stride *= network.index(site.indices().get(i)).size();
        }
        return strides;
    }

    static PackedMatrix[] pack(
            TensorNetwork network, Site site, Tensor tensor, ContractionStep step, PackedSites sites) {
        PackedSites.Key key = new PackedSites.Key(
                site.tensor(),
                positions(site, step.batch()),
                positions(site, step.produced()),
                positions(site, step.contracted()));
        return sites.get(key, () -> {
            Map<String, Long> strides = strides(network, site);
            long[] batchAt = offsets(step.batch(), strides);
            SiteRows[] matrices = new SiteRows[batchAt.length];
            for (int b = 0; b < matrices.length; b++) {
                matrices[b] = new SiteRows(
                        tensor, batchAt[b], offsets(step.produced(), strides), offsets(step.contracted(), strides));
            }
            return matrices;
        });
    }

    private static List<Integer> positions(Site site, List<Index> indices) {
        return indices.stream()
                .map(index -> site.indices().indexOf(index.name()))
                .toList();
    }

    /** Where each combination of the indices lies, in row-major order of the indices. */
    private static long[] offsets(List<Index> indices, Map<String, Long> strides) {
        long[] offsets = {0};
        for (Index index : indices) {
            long[] finer = new long[offsets.length * index.size()];
            for (int i = 0; i < finer.length; i++) {
                finer[i] = offsets[i / index.size()] + i % index.size() * strides.get(index.name());
            }
            offsets = finer;
        }
        return offsets;
    }

    @SafeVarargs
    private static List<Index> concat(List<Index>... lists) {
        List<Index> all = new ArrayList<>();
        for (List<Index> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    /** The plan that this carries out. */
    public ContractionPlan plan() {
        return plan;
    }

    /**
     * Contracts. The first step of an operator that shares its first site with the one before is not computed again for the same
     * {@code x}, until {@link Scratch#forget()} says that x has changed.
     *
     * @param x activations [M, in]
     * @param y result [M, out]
     * @param rows M
     */
    public void apply(Rows x, Rows y, int rows, Kernels kernels, WorkerTeam team, Scratch scratch) {
        Rows input = x;
        for (int s = 0; s < steps.length; s++) {
            Step step = steps[s];
            boolean last = s == steps.length - 1;
            int batches = step.batch();
            int inputSize = step.kept() * batches * step.contracted();
            int outputSize = step.kept() * batches * step.produced();
            if (step.inputOrder() != null) {
                Rows permuted = scratch.other(input, rows, inputSize);
                step.inputOrder().apply(input, permuted, rows);
                input = permuted;
            }
            boolean shareable =
                    s == 0 && step.lanes() == null && !last && step.kept() == 1 && step.inputOrder() == null;
            if (shareable && scratch.holds(step.batches(), x, rows)) {
                input = scratch.shared(rows, outputSize);
                continue;
            }
            Rows output = shareable
                    ? scratch.share(step.batches(), x, rows, outputSize)
                    : last && outputOrder == null ? y : scratch.other(input, rows, outputSize);
            if (step.lanes() != null) {
                for (int m = 0; m < rows; m++) {
                    kernels.multiplyLanes(
                            step.lanes(),
                            input.data(),
                            input.at(m),
                            output.data(),
                            output.at(m),
                            step.produced(),
                            step.contracted(),
                            batches);
                }
            } else if (step.kept() == 1) {
                multiply(step, input, output, rows, kernels, team, scratch);
            } else {
                // kept indices are more rows: they lie densely one after the other
                for (int m = 0; m < rows; m++) {
                    multiply(
                            step,
                            new Rows(input.data(), input.at(m), batches * step.contracted()),
                            new Rows(output.data(), output.at(m), batches * step.produced()),
                            step.kept(),
                            kernels,
                            team,
                            scratch);
                }
            }
            input = output;
        }
        if (outputOrder != null) {
            outputOrder.apply(input, y, rows);
        }
    }

    private static void multiply(
            Step step, Rows input, Rows output, int rows, Kernels kernels, WorkerTeam team, Scratch scratch) {
        int batches = step.batches().length;
        if (batches == 1) {
            multiply(step.batches()[0], input, output, rows, kernels, team, scratch);
            return;
        }
        for (int b = 0; b < batches; b++) {
            PackedMatrix w = step.batches()[b];
            Rows x = new Rows(input.data(), input.offset() + b * step.contracted(), input.stride());
            Rows y = new Rows(output.data(), output.offset() + b * step.produced(), output.stride());
            kernels.matmul(w, 0, w.panels(), x, y, rows);
        }
    }

    /** One matmul, by all threads if it is large enough. */
    static void multiply(
            PackedMatrix w, Rows input, Rows output, int rows, Kernels kernels, WorkerTeam team, Scratch scratch) {
        long fma = (long) rows * w.rows() * w.columns();
        if (fma < MIN_PARALLEL_FMA || team.size() == 1) {
            kernels.matmul(w, 0, w.panels(), input, output, rows);
        } else {
            scratch.matmul().run(team, kernels, w, input, output, rows);
        }
    }
}
