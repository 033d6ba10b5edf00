package io.karipap.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the {@code normalizer} of a tokenizer.json. */
final class HuggingFaceNormalizers {
    private HuggingFaceNormalizers() {}

    /** The normalizer, or null where there is none. */
    static Normalizer read(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        String type = node.path("type").asString("");
        return switch (type) {
            case "NFC" -> new Normalizer.Unicode(Form.NFC);
            case "NFD" -> new Normalizer.Unicode(Form.NFD);
            case "NFKC" -> new Normalizer.Unicode(Form.NFKC);
            case "NFKD" -> new Normalizer.Unicode(Form.NFKD);
            case "Lowercase" -> new Normalizer.Lowercase();
            case "StripAccents" -> new Normalizer.StripAccents();
            case "Strip" ->
                new Normalizer.Strip(
                        node.path("strip_left").asBoolean(true),
                        node.path("strip_right").asBoolean(true));
            case "BertNormalizer" -> bert(node);
            case "Precompiled" -> new Normalizer.Precompiled(rules(node.path("precompiled_charsmap")));
            case "Prepend" -> new Normalizer.Prepend(node.path("prepend").asString(""));
            case "Replace" -> replace(node);
            case "Sequence" -> {
                List<Normalizer> stages = new ArrayList<>();
                for (JsonNode stage : node.path("normalizers")) {
                    stages.add(read(stage));
                }
                yield new Normalizer.Sequence(List.copyOf(stages));
            }
            default -> throw new TokenizerException("normalizer type \"" + type + "\" is not supported");
        };
    }

    private static Normalizer bert(JsonNode node) {
        boolean lowercase = node.path("lowercase").asBoolean(true);
        return new BertNormalizer(
                node.path("clean_text").asBoolean(true),
                node.path("handle_chinese_chars").asBoolean(true),
                node.path("strip_accents").isBoolean()
                        ? node.path("strip_accents").booleanValue()
                        : lowercase,
                lowercase);
    }

    private static CharsMap rules(JsonNode base64) {
        try {
            return new CharsMap(Base64.getDecoder().decode(base64.asString("")));
        } catch (IllegalArgumentException e) {
            throw new TokenizerException("normalizer Precompiled has a precompiled_charsmap that is not base64", e);
        } catch (TokenizerException e) {
            throw new TokenizerException("normalizer Precompiled: " + e.getMessage(), e);
        }
    }

    private static Normalizer replace(JsonNode node) {
        String content = node.path("content").asString("");
        JsonNode pattern = node.path("pattern");
        if (pattern.path("Regex").isString()) {
            return new Normalizer.ReplaceRegex(
                    new BoundedRegex(pattern.path("Regex").stringValue()), content);
        }
        String target = pattern.path("String").asString("");
        if (target.isEmpty()) {
            throw new TokenizerException("normalizer Replace has no pattern: " + node);
        }
        return new Normalizer.Replace(target, content);
    }
}
