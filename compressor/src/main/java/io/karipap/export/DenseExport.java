package io.karipap.export;

import io.karipap.directory.AtomicDirectory;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Rebuilds the dense matrices of a Karipap directory as files, for other runtimes. Our own never does that. */
public final class DenseExport {
    private DenseExport() {}

    /**
     * Writes a Hugging Face directory, its tensors in the form that the family's files have. Of a model that sees, the language model alone.
     *
     * @param model Karipap or Hugging Face directory, or GGUF file
     * @param type of the matrices; codes of 8 and 4 bits are ours alone, others cannot read them
     * @param output new directory
     * @throws IOException if a file cannot be read or written
     * @throws io.karipap.format.ModelFormatException if the model is malformed, or has a tokenizer that a tokenizer.json cannot say
     */
    public static void write(Path model, WeightType type, Path output, LinearAlgebra algebra) throws IOException {
        if (type.quantized()) {
            throw new IllegalArgumentException(
                    "other runtimes do not read " + type + " in safetensors; expected F32, BF16 or F16");
        }
        ModelSource source = ModelSource.of(model);
        ModelConfig config = ModelLoader.readConfig(source);
        try (AtomicDirectory directory = AtomicDirectory.create(output, false);
                TensorStore store = ModelLoader.open(source, config)) {
            HuggingFaceFiles.write(model, source, directory.path());
            DenseTensors dense = new DenseTensors(config, store, ModelLoader.networks(source), algebra);
            SafetensorsWriter writer = new SafetensorsWriter();
            for (DenseTensors.Entry entry : dense.all()) {
                if (entry.vector()) {
                    int size = entry.rows().columns();
                    writer.add(entry.name(), entry.type(), List.of(size), entry.rows());
                } else {
                    WeightRows rows = entry.turned() ? new TurnedRows(entry.rows()) : entry.rows();
                    writer.add(entry.name(), type, List.of(rows.rows(), rows.columns()), rows);
                }
            }
            writer.write(directory.path().resolve("model.safetensors"), Map.of("format", "pt"));
            directory.commit();
        }
    }
}
