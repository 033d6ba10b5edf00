package io.karipap.model;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.format.packed.PackedCache;
import io.karipap.format.packed.PackedEntry;
import io.karipap.format.packed.PackedWeights;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.family.Families;
import io.karipap.model.family.Fields;
import io.karipap.network.NetworkFile;
import io.karipap.network.PackedSites;
import io.karipap.network.TensorNetwork;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Loads a model from a Hugging Face directory, or from a Karipap directory, which has a {@code network.json} besides. */
public final class ModelLoader {
    private ModelLoader() {}

    /**
     * Reads only the shape of a model.
     *
     * @throws ModelFormatException if the config is malformed or not supported
     */
    public static ModelConfig readConfig(ModelSource source) throws IOException {
        return Families.read(Fields.parse(source.describe("config.json"), source.read("config.json")));
    }

    /**
     * Opens the tensors of a model, brought into the form and under the names that its {@code config} gives.
     *
     * @param config as {@link #readConfig} gives it
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is missing or malformed
     */
    public static TensorStore open(ModelSource source, ModelConfig config) throws IOException {
        TensorStore files = TensorStore.open(source);
        try {
            return files.arranged(tensors -> Families.of(config).arrange(tensors, config));
        } catch (Throwable t) {
            files.close();
            throw t;
        }
    }

    /**
     * Reads the networks of a Karipap directory; none for a dense model.
     *
     * @throws ModelFormatException if the file is malformed
     */
    public static Map<String, TensorNetwork> networks(ModelSource source) throws IOException {
        if (!source.has(NetworkFile.NAME)) {
            return Map.of();
        }
        try {
            return NetworkFile.parse(source.describe(NetworkFile.NAME), source.read(NetworkFile.NAME))
                    .operators();
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(e.getMessage(), e);
        }
    }

    /**
     * Loads a model.
     *
     * @param kernels what computes
     * @param threads how many threads work on a step
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is malformed, or tensors are missing, of the wrong shape or too many
     */
    public static Transformer load(ModelSource source, KernelChoice kernels, int threads) throws IOException {
        return load(source, kernels, threads, null, Progress.NONE);
    }

    /** As {@link #load(ModelSource, KernelChoice, int, WeightType, Progress, Optional)}, without a cache. */
    public static Transformer load(
            ModelSource source, KernelChoice kernels, int threads, WeightType type, Progress progress)
            throws IOException {
        return load(source, kernels, threads, type, progress, Optional.empty());
    }

    /**
     * Loads a model and rounds its operators' weights.
     *
     * @param type type of the operators' weights in memory; null for those that they have in the file
     * @param progress hears how many bytes of the file are packed
     * @param cache where packed weights are kept, if they are
     */
    public static Transformer load(
            ModelSource source,
            KernelChoice kernels,
            int threads,
            WeightType type,
            Progress progress,
            Optional<PackedCache> cache)
            throws IOException {
        try (ModelParts parts = ModelParts.open(source)) {
            return load(parts, kernels, threads, type, progress, cache.flatMap(each -> each.entry(source, type)));
        }
    }

    /**
     * Loads a model whose parts are at hand, which may be closed afterwards.
     *
     * @param type type of the operators' weights in memory; null for those that they have in the file
     * @param progress hears how many bytes of the file are packed
     * @throws ModelFormatException if tensors are missing, of the wrong shape or too many
     */
    public static Transformer load(
            ModelParts parts, KernelChoice kernels, int threads, WeightType type, Progress progress) {
        return load(parts, kernels, threads, type, progress, Optional.empty());
    }

    private static Transformer load(
            ModelParts parts,
            KernelChoice kernels,
            int threads,
            WeightType type,
            Progress progress,
            Optional<PackedEntry> entry) {
        WeightMemory memory = new WeightMemory();
        WorkerTeam team = new WorkerTeam(threads);
        try {
            Optional<PackedWeights> kept = entry.flatMap(each -> each.open(memory, team, progress::notice));
            PackedSites sites = new PackedSites(type, memory, team, kept);
            TransformerWeights weights = new ModelAssembly(parts, sites, progress).weights();
            if (entry.isPresent() && kept.isEmpty()) {
                long bytes = memory.totalBytes();
                entry.get()
                        .write(
                                sites.all(),
                                done -> progress.report("keep packed weights", Math.min(done, bytes), bytes),
                                progress::notice);
            }
            // not before: the JIT compiler has the loader to make fast first
            kernels.prepare(
                    type != null
                            ? Set.of(type)
                            : parts.store().tensors().values().stream()
                                    .filter(tensor -> tensor.shape().size() > 1)
                                    .map(Tensor::type)
                                    .collect(Collectors.toSet()));
            return new Transformer(parts.config(), weights, memory, kernels, team);
        } catch (Throwable t) {
            team.close();
            memory.close();
            throw t;
        }
    }
}
