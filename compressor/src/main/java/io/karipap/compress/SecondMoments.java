package io.karipap.compress;

import io.karipap.format.ModelFormatException;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.model.ActivationObserver;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvPool;
import io.karipap.model.Llama;
import io.karipap.model.Progress;
import java.util.HashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * Second moments {@code C = E[x xᵀ]} of what flows into the operators of a model, measured on a text. Memory is bounded by one matrix
 * per place of flow, whatever the length of the text.
 */
public final class SecondMoments {
    private record Place(int layer, ActivationObserver.Input input) {}

    private final Kernels kernels;
    private final Map<Place, DMatrixRMaj> sums = new HashMap<>();
    private long tokens;

    private SecondMoments(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * Runs a text through a model.
     *
     * @param ids tokens of the text; used in windows of {@code window} tokens that start with an empty context
     * @throws IllegalArgumentException if there are no tokens
     */
    public static SecondMoments measure(Llama model, Kernels kernels, int[] ids, int window, Progress progress) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("the calibration text is empty");
        }
        SecondMoments moments = new SecondMoments(kernels);
        int size = Math.min(window, model.config().maxPositions());
        KvPool pool = new KvPool(model.config(), KvPool.blocksFor(size));
        Batch batch = new Batch();
        for (int start = 0; start < ids.length; start += size) {
            int end = Math.min(ids.length, start + size);
            batch.clear();
            try (KvCache cache = new KvCache(pool)) {
                for (int i = start; i < end; i++) {
                    batch.add(ids[i], i - start, cache, false);
                }
                model.forward(batch, moments::add);
            }
            moments.tokens += end - start;
            progress.report("calibrate", end, ids.length);
        }
        return moments;
    }

    /** Tokens seen. */
    public long tokens() {
        return tokens;
    }

    /** C of what flows into the operators behind {@code input} of block {@code layer}. */
    DMatrixRMaj of(int layer, ActivationObserver.Input input) {
        DMatrixRMaj sum = sums.get(new Place(layer, input));
        if (sum == null) {
            throw new ModelFormatException("nothing was measured for " + input + " of block " + layer);
        }
        DMatrixRMaj moment = sum.copy();
        for (int i = 0; i < moment.data.length; i++) {
            moment.data[i] /= tokens;
        }
        return moment;
    }

    /** Adds XᵀX; the products of one window are summed in floats, the windows in doubles. */
    private void add(int layer, ActivationObserver.Input input, Rows x, int rows, int width) {
        float[] transposed = new float[width * rows];
        for (int m = 0; m < rows; m++) {
            for (int k = 0; k < width; k++) {
                transposed[k * rows + m] = x.data()[x.at(m) + k];
            }
        }
        Rows product = Rows.allocate(width, width);
        try (WeightMemory memory = new WeightMemory()) {
            PackedMatrix packed = PackedMatrix.pack(WeightType.F32, WeightRows.of(width, rows, transposed), memory);
            kernels.matmul(packed, 0, packed.panels(), new Rows(transposed, 0, rows), product, width);
        }
        DMatrixRMaj sum = sums.computeIfAbsent(new Place(layer, input), place -> new DMatrixRMaj(width, width));
        for (int i = 0; i < sum.data.length; i++) {
            sum.data[i] += product.data()[i];
        }
    }
}
