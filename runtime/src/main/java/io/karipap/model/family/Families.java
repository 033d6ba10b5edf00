package io.karipap.model.family;

import io.karipap.format.ModelFormatException;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.ModelConfigBuilder;
import io.karipap.model.config.Rope;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The families that are known. */
public final class Families {
    private static final List<Family> ALL = List.of(
            new LlamaFamily(),
            new MistralFamily(),
            new Qwen2Family(),
            new Qwen3Family(),
            new Gemma2Family(),
            new Gemma3Family(),
            new SmolLm3Family(),
            new Phi3Family(),
            new GraniteFamily(),
            new Olmo2Family(),
            new Gpt2Family());

    /** What says nothing about the computation of logits. */
    private static final Set<String> HARMLESS = Set.of(
            "_attn_implementation_autoset",
            "_name_or_path",
            "architectures",
            "attention_dropout",
            "bos_token_id",
            "dtype",
            "eos_token_id",
            "initializer_range",
            "model_type",
            "output_attentions",
            "output_hidden_states",
            "pad_token_id",
            "return_dict",
            "torch_dtype",
            "transformers.js_config",
            "transformers_version",
            "unsloth_fixed",
            "unsloth_version",
            "use_cache");

    private Families() {}

    /**
     * Reads what a model computes.
     *
     * @param fields of its {@code config.json}
     * @throws ModelFormatException if the family is not known, or a field is missing, malformed, not supported or not understood
     */
    public static ModelConfig read(Fields fields) {
        String type = fields.text("model_type", "");
        Family family = find(type);
        if (family == null) {
            throw fields.fail("model_type is \"" + type + "\", expected one of " + modelTypes());
        }
        ModelConfigBuilder model = new ModelConfigBuilder(type, family.names());
        Fields language = family.language(fields);
        family.describe(language, model);
        Set<String> harmless = new TreeSet<>(HARMLESS);
        harmless.addAll(family.harmless());
        language.refuseOthers(harmless);
        fields.refuseOthers(harmless);
        ModelConfig config = model.build();
        int context = config.maxPositions();
        for (Rope rope : config.ropes()) {
            context = Math.min(context, rope.scaling().usualContext(config.maxPositions()));
        }
        return context < config.maxPositions() ? config.withContext(context) : config;
    }

    /** The family of a model that was read. */
    public static Family of(ModelConfig config) {
        return find(config.modelType());
    }

    private static Family find(String modelType) {
        return ALL.stream()
                .filter(family -> family.modelTypes().contains(modelType))
                .findFirst()
                .orElse(null);
    }

    /** All values of {@code model_type} that are known, in alphabetical order. */
    public static Set<String> modelTypes() {
        Set<String> types = new TreeSet<>();
        ALL.forEach(family -> types.addAll(family.modelTypes()));
        return types;
    }
}
