package io.karipap.export;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The special tokens that the {@code post_processor} of a tokenizer.json puts around a text.
 *
 * @param prefix ids before it
 * @param suffix ids after it
 */
record TextTemplate(List<Integer> prefix, List<Integer> suffix) {
    /** @throws IllegalArgumentException if there is a processor that is not known */
    static TextTemplate of(JsonNode processor) {
        TextTemplate template = new TextTemplate(new ArrayList<>(), new ArrayList<>());
        template.add(processor);
        return template;
    }

    private void add(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return;
        }
        String type = node.path("type").asString("");
        switch (type) {
            case "ByteLevel" -> {
                // only trims offsets
            }
            case "Sequence" -> node.path("processors").forEach(this::add);
            case "TemplateProcessing" -> {
                List<Integer> side = prefix;
                for (JsonNode part : node.path("single")) {
                    if (part.has("Sequence")) {
                        side = suffix;
                    } else {
                        String name = part.path("SpecialToken").path("id").asString("");
                        for (JsonNode id :
                                node.path("special_tokens").path(name).path("ids")) {
                            side.add(id.asInt(-1));
                        }
                    }
                }
            }
            case "BertProcessing", "RobertaProcessing" -> {
                prefix.add(node.path("cls").path(1).asInt(-1));
                suffix.add(node.path("sep").path(1).asInt(-1));
            }
            default -> throw new IllegalArgumentException("post_processor type \"" + type + "\" has no place in GGUF");
        }
    }

    /**
     * Whether {@code side} is the one token that GGUF can put there.
     *
     * @throws IllegalArgumentException if it is others
     */
    boolean adds(List<Integer> side, int token, String where) {
        if (!side.isEmpty() && !side.equals(List.of(token))) {
            throw new IllegalArgumentException("the tokens " + side + " are put " + where + " every text; GGUF can say "
                    + (token < 0 ? "none" : "only " + token));
        }
        return !side.isEmpty();
    }
}
