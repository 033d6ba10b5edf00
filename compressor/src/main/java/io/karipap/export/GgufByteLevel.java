package io.karipap.export;

import io.karipap.tokenizer.format.SplitPatterns;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Byte-level BPE ("gpt2"): merges, and the name of the patterns that split texts. A composition of characters (NFC) has no place in GGUF. */
final class GgufByteLevel extends GgufTokenizer {
    GgufByteLevel(JsonNode root, int size) {
        super(root, size);
        model.path("vocab").properties().forEach(entry -> set(entry.getValue().asInt(-1), entry.getKey(), NORMAL));
        setAdded();
    }

    /** Whether the last stage spells bytes. */
    static boolean isByteLevel(JsonNode preTokenizer) {
        List<JsonNode> stages = stages(preTokenizer);
        return !stages.isEmpty() && stages.getLast().path("type").asString("").equals("ByteLevel");
    }

    private static List<JsonNode> stages(JsonNode node) {
        List<JsonNode> stages = new ArrayList<>();
        if (node.path("type").asString("").equals("Sequence")) {
            node.path("pretokenizers").forEach(stage -> stages.addAll(stages(stage)));
        } else if (node.isObject()) {
            stages.add(node);
        }
        return stages;
    }

    @Override
    void put(GgufWriter writer, int begin, int end) {
        checkNormalizer(root.path("normalizer"));
        boolean wholePieceFirst = model.path("ignore_merges").asBoolean(false);
        List<String> patterns = patterns();
        String pre = SplitPatterns.nameOf(patterns, wholePieceFirst)
                .orElseThrow(() -> new IllegalArgumentException("the pre_tokenizer splits by " + patterns
                        + (wholePieceFirst ? " with ignore_merges" : "") + ", for which GGUF has no name"));
        putTokens(writer, "gpt2");
        writer.put("tokenizer.ggml.pre", pre).putStrings("tokenizer.ggml.merges", merges(model));
        putTemplate(writer, begin, end);
    }

    /** Pairs with a space between. */
    static List<String> merges(JsonNode model) {
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : model.path("merges")) {
            merges.add(
                    merge.isArray()
                            ? merge.get(0).asString() + " " + merge.get(1).asString()
                            : merge.asString());
        }
        return merges;
    }

    private static void checkNormalizer(JsonNode node) {
        String type = node.path("type").asString("");
        if (type.equals("Sequence")) {
            node.path("normalizers").forEach(GgufByteLevel::checkNormalizer);
        } else if (!type.isEmpty() && !type.equals("NFC")) {
            throw new IllegalArgumentException("normalizer type \"" + type + "\" has no place in GGUF");
        }
    }

    private List<String> patterns() {
        List<String> patterns = new ArrayList<>();
        for (JsonNode stage : stages(root.path("pre_tokenizer"))) {
            String type = stage.path("type").asString("");
            String regex = stage.path("pattern").path("Regex").asString("");
            String behavior = stage.path("behavior").asString("");
            boolean inverted = stage.path("invert").asBoolean(false);
            boolean keeps = behavior.equals("Isolated") && !inverted || behavior.equals("Removed") && inverted;
            if (type.equals("ByteLevel") && !stage.path("add_prefix_space").asBoolean(true)) {
                if (stage.path("use_regex").asBoolean(true)) {
                    patterns.add(SplitPatterns.GPT2);
                }
            } else if (type.equals("Split") && keeps && !regex.isEmpty()) {
                patterns.add(regex);
            } else if (type.equals("Digits") && stage.path("individual_digits").asBoolean(false)) {
                patterns.add("\\p{N}");
            } else {
                throw new IllegalArgumentException("the pre_tokenizer " + stage + " has no place in GGUF");
            }
        }
        return patterns;
    }
}
