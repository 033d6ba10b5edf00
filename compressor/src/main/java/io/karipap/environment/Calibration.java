package io.karipap.environment;

import io.karipap.kernels.KernelChoice;
import io.karipap.linalg.Matrix;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.model.config.ModelConfig;
import io.karipap.operator.Metric;
import io.karipap.operator.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of all operators, on disk. */
final class Calibration {
    /** Most bytes of moments that are summed up at a time; for more, the text is read again. */
    private static final long MAX_BYTES = 1L << 30;

    private final ModelConfig config;
    private final WorkFiles files;

    private Calibration(ModelConfig config, WorkFiles files) {
        this.config = config;
        this.files = files;
    }

    /**
     * Measures what is not stored yet.
     *
     * @param model opened only if something is missing
     * @param ids tokens of the calibration text
     */
    static Calibration measure(
            ModelConfig config,
            Supplier<Transformer> model,
            KernelChoice kernels,
            int[] ids,
            int window,
            WorkFiles files,
            Progress progress) {
        List<Place> missing = new ArrayList<>(Place.all(config));
        missing.removeIf(place -> files.has(place.fileName()));
        if (!missing.isEmpty()) {
            try (Transformer dense = model.get()) {
                while (!missing.isEmpty()) {
                    List<Place> group = new ArrayList<>();
                    long bytes = 0;
                    while (!missing.isEmpty()) {
                        long size = 8L
                                * missing.getFirst().width(config)
                                * missing.getFirst().width(config);
                        if (!group.isEmpty() && bytes + size > MAX_BYTES) {
                            break;
                        }
                        bytes += size;
                        group.add(missing.removeFirst());
                    }
                    Map<Place, Matrix> moments = SecondMoments.measure(dense, kernels, group, ids, window, progress);
                    moments.forEach((place, moment) -> files.get(place.fileName(), moment::data));
                }
            }
        }
        return new Calibration(config, files);
    }

    /** How errors of the operators that read at {@code place} are weighed. */
    Metric metric(Place place) {
        int width = place.width(config);
        double[] data = files.get(place.fileName(), () -> {
            throw new IllegalStateException("nothing was measured at " + place);
        });
        return Metric.of(new Matrix(width, width, data));
    }
}
