package io.karipap.export;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.format.gguf.GgufConfig;
import io.karipap.format.gguf.GgufFamilies;
import io.karipap.format.gguf.GgufFamily;
import io.karipap.format.gguf.GgufSampling;
import io.karipap.format.gguf.GgufTensorFacts;
import io.karipap.json.Json;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.family.Families;
import io.karipap.model.family.Fields;
import io.karipap.network.TensorNetwork;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Writes a model as a GGUF file for llama.cpp and its kin, its dense matrices rebuilt. */
public final class GgufExport {
    private static final String GENERATION = "generation_config.json";

    private final Path model;
    private final ModelSource source;
    private final ModelConfig config;
    private final GgufFamily family;
    private final GgufWriter writer = new GgufWriter();
    private final Map<String, DenseTensors.Entry> tensors = new LinkedHashMap<>();
    private final Map<String, float[]> factors = new LinkedHashMap<>();

    private GgufExport(Path model, ModelSource source, ModelConfig config) {
        this.model = model;
        this.source = source;
        this.config = config;
        this.family = GgufFamilies.holding(config.modelType())
                .orElseThrow(() -> new ModelFormatException(
                        model + " is of the family " + config.modelType() + ", which GGUF files do not hold"));
    }

    /**
     * Writes a dense model.
     *
     * @param model Hugging Face directory, or GGUF file
     * @param type type of the matrices; vectors stay 32-bit floats
     * @throws ModelFormatException if the model is factored, or has what GGUF cannot say
     */
    public static void write(Path model, WeightType type, Path file) throws IOException {
        write(model, type, file, () -> {
            throw new ModelFormatException(model + " is factored; GGUF holds dense matrices only");
        });
    }

    /**
     * Writes a model.
     *
     * @param model Hugging Face or Karipap directory, or GGUF file
     * @param type type of the matrices; vectors stay 32-bit floats
     * @param algebra rebuilds dense matrices; asked for only if the model is factored
     * @throws ModelFormatException if the model has what GGUF cannot say
     */
    public static void write(Path model, WeightType type, Path file, Supplier<LinearAlgebra> algebra)
            throws IOException {
        ModelSource source = ModelSource.of(model);
        ModelConfig config = ModelLoader.readConfig(source);
        Map<String, TensorNetwork> networks = ModelLoader.networks(source);
        try (TensorStore store = ModelLoader.open(source, config)) {
            GgufExport export = new GgufExport(model, source, config);
            export.collect(new DenseTensors(config, store, networks, networks.isEmpty() ? null : algebra.get()));
            export.putConfig(file);
            export.putSampling();
            new GgufVocabularyExport(model, source, config.vocabularySize()).put(export.writer);
            export.addTensors(type);
            export.writer.write(file);
        }
    }

    private void collect(DenseTensors dense) {
        for (DenseTensors.Entry entry : dense.all()) {
            String name = family.written(entry.name())
                    .orElseThrow(() -> new ModelFormatException(model + " has the tensor \"" + entry.name()
                            + "\", for which GGUF has no name in the architecture " + family.architecture()));
            tensors.put(name, entry);
        }
    }

    /** @throws ModelFormatException if the keys do not say what the model is */
    private void putConfig(Path file) throws IOException {
        writer.put("general.architecture", family.architecture()).put("general.name", source.modelName());
        GgufHyperparameters hyperparameters = new GgufHyperparameters(config, family);
        try {
            hyperparameters.put(writer);
        } catch (ModelFormatException e) {
            throw new ModelFormatException(model + ": " + e.getMessage(), e);
        }
        factors.putAll(hyperparameters.factors());
        GgufAgreement.difference(config, readBack(file)).ifPresent(difference -> {
            throw new ModelFormatException(model + " has " + difference + ", which GGUF cannot say of the architecture "
                    + family.architecture());
        });
    }

    /** What a reader makes of the keys written so far. */
    private ModelConfig readBack(Path file) throws IOException {
        Path keys = Files.createTempFile(file.toAbsolutePath().getParent(), ".gguf", ".keys");
        try {
            writer.write(keys);
            byte[] json = GgufConfig.toJson(GgufMetadata.read(keys), family, new Facts());
            return Families.read(Fields.parse(file.toString(), json));
        } catch (GgufFormatException | ModelFormatException e) {
            throw new ModelFormatException(
                    model + " has what GGUF cannot say of the architecture " + family.architecture() + ": "
                            + e.getMessage(),
                    e);
        } finally {
            Files.deleteIfExists(keys);
        }
    }

    private final class Facts implements GgufTensorFacts {
        @Override
        public boolean has(String name) {
            return tensors.containsKey(name) || factors.containsKey(name);
        }

        @Override
        public long rows(String name) {
            return tensors.get(name).rows().rows();
        }

        @Override
        public float[] vector(String name) {
            return factors.get(name);
        }
    }

    private void putSampling() throws IOException {
        if (!source.has(GENERATION)) {
            return;
        }
        GgufSampling.ofJson(Json.parse(source.read(GENERATION))).forEach((key, value) -> {
            if (value instanceof Integer whole) {
                writer.put(key, whole);
            } else {
                writer.put(key, value.floatValue());
            }
        });
    }

    private void addTensors(WeightType type) {
        factors.forEach(writer::add);
        tensors.forEach((name, entry) -> {
            boolean neighbours = family.neighbours(entry.name());
            if (entry.vector()) {
                writer.add(name, vector(entry, neighbours));
            } else {
                WeightRows rows = neighbours ? new HeadPairs(entry.rows(), config.headDim()) : entry.rows();
                // llama.cpp adds the table of positions to floats
                writer.add(name, name.startsWith("position_embd.") ? WeightType.F32 : type, rows);
            }
        });
    }

    private float[] vector(DenseTensors.Entry entry, boolean neighbours) {
        float[] values = entry.values();
        if (family.plusOne(entry.name())) {
            for (int i = 0; i < values.length; i++) {
                values[i] += 1;
            }
        }
        return neighbours ? HeadPairs.of(values, config.headDim()) : values;
    }
}
