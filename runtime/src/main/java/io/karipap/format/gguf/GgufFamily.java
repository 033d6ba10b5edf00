package io.karipap.format.gguf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How GGUF files hold the models of one architecture.
 *
 * @param architecture {@code general.architecture}
 * @param modelType {@code model_type} of Hugging Face's {@code config.json}
 * @param traits what differs in the values
 * @param tensors names of Hugging Face by those of GGUF, without {@code .weight} and {@code .bias}; {@code *} stands for the block
 * @param fields names in {@code config.json} by metadata keys without the architecture
 * @param constants fields that GGUF leaves to the architecture
 */
public record GgufFamily(
        String architecture,
        String modelType,
        Traits traits,
        Map<String, String> tensors,
        Map<String, String> fields,
        Map<String, Object> constants) {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(0|[1-9]\\d{0,5})\\.(.*)");

    private static final Pattern HUGGING_FACE_BLOCK =
            Pattern.compile("(model\\.layers\\.|transformer\\.h\\.)(\\d+)(\\..*)");

    /**
     * What differs from Hugging Face in the values.
     *
     * @param neighbours whether the rows of q and k are so ordered that rotary embedding turns neighbours together, not halves of a head
     * @param normsPlusOne whether norms are stored with the 1 added that the model adds to them
     * @param partialRotary whether rotary embedding may turn only a part of a head
     */
    public record Traits(boolean neighbours, boolean normsPlusOne, boolean partialRotary) {}

    public GgufFamily {
        tensors = Map.copyOf(tensors);
        fields = Map.copyOf(fields);
        constants = Map.copyOf(constants);
    }

    /** The name that Hugging Face gives to the tensor {@code name}; empty if the family has no such tensor. */
    public Optional<String> tensor(String name) {
        int dot = name.lastIndexOf('.');
        String suffix = dot < 0 ? "" : name.substring(dot);
        if (!suffix.equals(".weight") && !suffix.equals(".bias")) {
            return Optional.empty();
        }
        String stem = name.substring(0, dot);
        Matcher block = BLOCK.matcher(stem);
        if (!block.matches()) {
            return Optional.ofNullable(tensors.get(stem)).map(named -> named + suffix);
        }
        return Optional.ofNullable(tensors.get("blk.*." + block.group(2)))
                .map(named -> named.replace("*", block.group(1)) + suffix);
    }

    /** The name that GGUF gives to what Hugging Face calls {@code name}; empty if it has no such tensor. */
    public Optional<String> written(String name) {
        int dot = name.lastIndexOf('.');
        Matcher block = HUGGING_FACE_BLOCK.matcher(name.substring(0, Math.max(dot, 0)));
        boolean inBlock = block.matches();
        String pattern = inBlock ? block.group(1) + "*" + block.group(3) : name.substring(0, Math.max(dot, 0));
        return tensors.entrySet().stream()
                .filter(entry -> entry.getValue().equals(pattern))
                .map(entry ->
                        (inBlock ? entry.getKey().replace("*", block.group(2)) : entry.getKey()) + name.substring(dot))
                .findFirst();
    }

    /** Whether the rows of what Hugging Face calls {@code name} are ordered for pairs of neighbours. */
    public boolean neighbours(String name) {
        return traits.neighbours() && (name.contains(".q_proj.") || name.contains(".k_proj."));
    }

    /** Whether the vector that Hugging Face calls {@code name} is the weight of a norm with the 1 added. */
    public boolean plusOne(String name) {
        return traits.normsPlusOne() && name.endsWith("norm.weight");
    }

    /** The whole metadata key that ends in {@code key}. */
    public String key(String key) {
        return architecture + "." + key;
    }

    /** This family under other names, with more tensors and fields; an empty name takes one away. */
    GgufFamily derive(
            String otherArchitecture,
            String otherModelType,
            Traits otherTraits,
            Map<String, String> moreTensors,
            Map<String, String> moreFields,
            Map<String, Object> otherConstants) {
        return new GgufFamily(
                otherArchitecture,
                otherModelType,
                otherTraits,
                merged(tensors, moreTensors),
                merged(fields, moreFields),
                otherConstants);
    }

    private static Map<String, String> merged(Map<String, String> base, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(base);
        all.putAll(more);
        all.values().removeIf(String::isEmpty);
        return all;
    }
}
