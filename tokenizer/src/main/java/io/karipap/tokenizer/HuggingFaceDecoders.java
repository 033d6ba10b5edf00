package io.karipap.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the {@code decoder} of a tokenizer.json. */
final class HuggingFaceDecoders {
    private final List<Map.Entry<String, String>> replacements = new ArrayList<>();
    private TokenDecoder.Style style = TokenDecoder.Style.PLAIN;
    private int stripLeft;
    private char strip = ' ';
    private String dropInFirst = "";
    private String continuation = "";
    private boolean cleanup;

    private HuggingFaceDecoders() {}

    static TokenDecoder read(JsonNode node) {
        HuggingFaceDecoders reader = new HuggingFaceDecoders();
        if (node.isMissingNode() || node.isNull()) {
            throw new TokenizerException("decoder is missing; tokens could not be joined into the original text");
        }
        reader.add(node);
        return new TokenDecoder(
                reader.style,
                List.copyOf(reader.replacements),
                reader.stripLeft,
                reader.strip,
                reader.dropInFirst,
                reader.continuation,
                reader.cleanup);
    }

    private void add(JsonNode node) {
        String type = node.path("type").asString("");
        switch (type) {
            case "Sequence" -> {
                for (JsonNode stage : node.path("decoders")) {
                    add(stage);
                }
            }
            case "ByteLevel" -> style = TokenDecoder.Style.BYTE_LEVEL;
            case "ByteFallback" -> style = TokenDecoder.Style.BYTE_FALLBACK;
            case "Fuse" -> {
                // Tokens are always joined.
            }
            case "Replace" -> {
                String target = node.path("pattern").path("String").asString("");
                if (target.isEmpty()) {
                    throw new TokenizerException("decoder Replace is supported for literal patterns only: " + node);
                }
                replacements.add(Map.entry(target, node.path("content").asString("")));
            }
            case "WordPiece" -> {
                style = TokenDecoder.Style.WORD_PIECE;
                continuation = node.path("prefix").asString("##");
                cleanup = node.path("cleanup").asBoolean(true);
            }
            case "Metaspace" -> {
                String mark = node.path("replacement").asString("▁");
                replacements.add(Map.entry(mark, " "));
                String scheme = node.path("prepend_scheme")
                        .asString(node.path("add_prefix_space").asBoolean(true) ? "always" : "never");
                dropInFirst = scheme.equals("never") ? "" : mark;
            }
            case "Strip" -> {
                if (node.path("stop").asInt(0) != 0
                        || node.path("content").asString("").length() != 1) {
                    throw new TokenizerException(
                            "decoder Strip is supported for one character at the start only: " + node);
                }
                strip = node.path("content").asString().charAt(0);
                stripLeft = node.path("start").asInt(0);
            }
            default -> throw new TokenizerException("decoder type \"" + type + "\" is not supported");
        }
    }
}
