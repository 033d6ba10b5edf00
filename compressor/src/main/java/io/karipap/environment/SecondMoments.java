package io.karipap.environment;

import io.karipap.kernels.Blocks;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.model.config.Input;
import io.karipap.operator.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Second moments {@code C = E[x xᵀ]} of what flows into the operators of a model, measured on a text. Memory is bounded by one matrix
 * per place, whatever the length of the text.
 */
final class SecondMoments {
    private final KernelChoice kernels;
    private final Map<Place, Matrix> sums = new HashMap<>();
    private final Map<Place, Long> rows = new HashMap<>();

    private SecondMoments(KernelChoice kernels, Collection<Place> places, Transformer model) {
        this.kernels = kernels;
        for (Place place : places) {
            int width = place.width(model.config());
            sums.put(place, Matrix.zeros(width, width));
        }
    }

    /**
     * Runs a text through a model.
     *
     * @param places where to measure
     * @param ids tokens of the text; used in windows of {@code window} tokens that start with an empty context
     * @throws IllegalArgumentException if there are no tokens
     */
    static Map<Place, Matrix> measure(
            Transformer model,
            KernelChoice kernels,
            Collection<Place> places,
            int[] ids,
            int window,
            Progress progress) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("the calibration text is empty");
        }
        SecondMoments moments = new SecondMoments(kernels, places, model);
        boolean head = places.stream().anyMatch(place -> place.input() == Input.HEAD);
        int size = Math.min(window, model.config().maxPositions());
        KvPool pool = new KvPool(model.config(), KvOptions.of(size));
        Batch batch = new Batch();
        for (int start = 0; start < ids.length; start += size) {
            int end = Math.min(ids.length, start + size);
            batch.clear();
            try (KvCache cache = new KvCache(pool)) {
                for (int i = start; i < end; i++) {
                    batch.add(ids[i], i - start, cache, head && i % 4 == 0); // the head costs: a quarter will do
                }
                model.forward(batch, moments::add);
            }
            progress.report("calibrate", end, ids.length);
        }
        moments.sums.forEach((place, sum) -> {
            double count = moments.rows.getOrDefault(place, 1L);
            for (int i = 0; i < sum.data().length; i++) {
                sum.data()[i] /= count;
            }
        });
        return moments.sums;
    }

    /** Adds XᵀX; the products of one window are summed in floats, the windows in doubles. */
    private void add(int layer, Input input, Rows x, int count, int width) {
        Place place = new Place(layer, input);
        Matrix sum = sums.get(place);
        if (sum == null) {
            return;
        }
        rows.merge(place, (long) count, Long::sum);
        float[] transposed = new float[width * count];
        for (int m = 0; m < count; m++) {
            for (int k = 0; k < width; k++) {
                transposed[k * count + m] = x.data()[x.at(m) + k];
            }
        }
        Rows product = Rows.allocate(width, width);
        try (WeightMemory memory = new WeightMemory()) {
            PackedMatrix packed = PackedMatrix.pack(WeightType.F32, WeightRows.of(width, count, transposed), memory);
            kernels.current().matmul(packed, Blocks.all(packed), new Rows(transposed, 0, count), product, width);
        }
        for (int i = 0; i < sum.data().length; i++) {
            sum.data()[i] += product.data()[i];
        }
    }
}
