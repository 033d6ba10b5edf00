package io.karipap.network;

import io.karipap.format.Tensor;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.LaneWeights;
import io.karipap.kernels.Matmuls;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import io.karipap.network.Scratch.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A plan with its weights, packed so that every step is matmuls: {@code Y [M, out] = X [M, in] Wᵀ} without the matrix W. Immutable;
 * safe for one thread at a time per {@link Scratch}.
 */
public final class Contraction {
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
     * @param lanes where the batch indices are lanes, or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Step(
            Permutation inputOrder,
            PackedMatrix[] batches,
            LaneWeights lanes,
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
            Supplier<Tensor> tensor = () -> plan.tensor(site.tensor(), tensors);
            steps[s] = new Step(
                    Permutation.of(current, wanted),
                    inLanes ? null : pack(network, site, tensor, step, sites),
                    inLanes ? lanes(network, site, tensor.get(), step) : null,
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

    private static LaneWeights lanes(TensorNetwork network, Site site, Tensor tensor, ContractionStep step) {
        Map<String, Long> strides = SiteStrides.of(network, site);
        long[] at = SiteStrides.offsets(concat(step.produced(), step.contracted(), step.batch()), strides);
        float[] lanes = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            lanes[i] = tensor.get(at[i]);
            if (!Float.isFinite(lanes[i])) {
                throw new IllegalArgumentException("tensor \"" + site.tensor() + "\" has a weight that is not finite");
            }
        }
        return new LaneWeights(
                lanes,
                ContractionStep.size(step.produced()),
                ContractionStep.size(step.contracted()),
                ContractionStep.size(step.batch()));
    }

    static PackedMatrix[] pack(
            TensorNetwork network, Site site, Supplier<Tensor> source, ContractionStep step, PackedSites sites) {
        PackedSites.Key key = new PackedSites.Key(
                site.tensor(),
                positions(site, step.batch()),
                positions(site, step.produced()),
                positions(site, step.contracted()));
        return sites.get(key, ContractionStep.size(step.batch()), () -> {
            Tensor tensor = source.get();
            Map<String, Long> strides = SiteStrides.of(network, site);
            long[] batchAt = SiteStrides.offsets(step.batch(), strides);
            SiteRows[] matrices = new SiteRows[batchAt.length];
            for (int b = 0; b < matrices.length; b++) {
                matrices[b] = new SiteRows(
                        tensor,
                        batchAt[b],
                        SiteStrides.offsets(step.produced(), strides),
                        SiteStrides.offsets(step.contracted(), strides));
            }
            return matrices;
        });
    }

    private static List<Integer> positions(Site site, List<Index> indices) {
        return indices.stream()
                .map(index -> site.indices().indexOf(index.name()))
                .toList();
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
     * Contracts.
     *
     * @param x activations [M, in]
     * @param y result [M, out]
     * @param rows M
     */
    public void apply(Rows x, Rows y, int rows, Kernels kernels, WorkerTeam team, Scratch scratch) {
        Track track = scratch.track(0);
        track.current(x);
        for (int s = 0; s < steps.length; s++) {
            step(s, track, y, rows, kernels, team, scratch.matmuls());
            scratch.matmuls().run(kernels, team);
        }
        finish(track, y, rows, team);
    }

    int steps() {
        return steps.length;
    }

    /** Whether the first step of both makes the same of the same input. */
    boolean sharesFirstStep(Contraction other) {
        return steps[0].batches() != null
                && steps[0].batches() == other.steps[0].batches()
                && steps.length > 1
                && other.steps.length > 1
                && steps[0].inputOrder() == null
                && other.steps[0].inputOrder() == null;
    }

    /** Leaves what step {@code s} makes of the track's activation there, once {@code matmuls} has run. */
    void step(int s, Track track, Rows y, int rows, Kernels kernels, WorkerTeam team, Matmuls matmuls) {
        Step step = steps[s];
        int perRow = step.kept() * step.batch();
        Rows input = track.current();
        if (step.inputOrder() != null) {
            input = track.permuted(rows, perRow * step.contracted());
            step.inputOrder().apply(track.current(), input, rows, team);
        }
        Rows output =
                s == steps.length - 1 && outputOrder == null ? y : track.output(s, rows, perRow * step.produced());
        if (step.lanes() != null) {
            for (int m = 0; m < rows; m++) {
                kernels.multiplyLanes(step.lanes(), input.data(), input.at(m), output.data(), output.at(m));
            }
        } else if (step.kept() == 1) {
            add(step, input, output, rows, matmuls);
        } else {
            // kept indices are more rows: they lie densely one after the other
            for (int m = 0; m < rows; m++) {
                Rows x = new Rows(input.data(), input.at(m), step.batch() * step.contracted());
                add(
                        step,
                        x,
                        new Rows(output.data(), output.at(m), step.batch() * step.produced()),
                        step.kept(),
                        matmuls);
            }
        }
        track.current(output);
    }

    private static void add(Step step, Rows input, Rows output, int rows, Matmuls matmuls) {
        if (step.batches().length == 1) {
            matmuls.add(step.batches()[0], input, output, rows);
            return;
        }
        for (int b = 0; b < step.batches().length; b++) {
            Rows x = new Rows(input.data(), input.offset() + b * step.contracted(), input.stride());
            Rows y = new Rows(output.data(), output.offset() + b * step.produced(), output.stride());
            matmuls.add(step.batches()[b], x, y, rows);
        }
    }

    /** Brings what the last step made into the order of the out-legs. */
    void finish(Track track, Rows y, int rows, WorkerTeam team) {
        if (outputOrder != null) {
            outputOrder.apply(track.current(), y, rows, team);
        }
    }
}
