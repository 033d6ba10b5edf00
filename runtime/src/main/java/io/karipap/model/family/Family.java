package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.ModelConfigBuilder;
import io.karipap.model.config.TensorNames;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What differs between a family of models and others. To add one: a class, and a line of {@link Families}. */
public abstract class Family {
    /** The values of {@code model_type} that it answers to. */
    abstract Set<String> modelTypes();

    /** The fields of the language model: all of them, where it is not a part of something larger. */
    Fields language(Fields fields) {
        return fields;
    }

    /** What its tensors are called, after {@link #arrange}. */
    abstract TensorNames names();

    /**
     * Reads its hyperparameters.
     *
     * @param fields by the names of {@code config.json}; every field that is asked for counts as understood
     * @throws io.karipap.format.ModelFormatException if one is missing, malformed or not supported
     */
    abstract void describe(Fields fields, ModelConfigBuilder model);

    /** Fields of its own that change nothing, beside those that all have. */
    Set<String> harmless() {
        return Set.of();
    }

    /**
     * Brings the tensors of a file into the one form that all else reads: every operator a matrix [out, in] of its own under the name
     * that {@link #names} gives, and nothing that is not needed.
     *
     * @param file tensors by name, in file order
     */
    public Map<String, Tensor> arrange(Map<String, Tensor> file, ModelConfig config) {
        return file;
    }

    /**
     * What {@link #arrange} undoes: the tensors that its files hold in the place of the model's own. Those that are part of none are stored
     * as they are.
     */
    public List<StoredTensor> stored(ModelConfig config) {
        return List.of();
    }
}
