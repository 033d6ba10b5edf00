package io.karipap.export;

import tools.jackson.databind.JsonNode;

/** WordPiece ("bert"): ▁ before words in the place of ## before continuations. */
final class GgufWords extends GgufTokenizer {
    private final JsonNode normalizer;

    GgufWords(JsonNode root, int size) {
        super(root, size);
        String continuation = model.path("continuing_subword_prefix").asString("##");
        model.path("vocab").properties().forEach(entry -> set(entry.getValue().asInt(-1), entry.getKey(), NORMAL));
        setAdded();
        for (int id = 0; id < size; id++) {
            boolean bracketed = tokens[id].startsWith("[") && tokens[id].endsWith("]");
            if (types[id] == NORMAL && !bracketed) {
                tokens[id] = tokens[id].startsWith(continuation)
                        ? tokens[id].substring(continuation.length())
                        : "▁" + tokens[id];
            }
        }
        normalizer = root.path("normalizer");
        if (!normalizer.path("type").asString("").equals("BertNormalizer")
                || !normalizer.path("clean_text").asBoolean(true)
                || !normalizer.path("handle_chinese_chars").asBoolean(true)
                || !root.path("pre_tokenizer").path("type").asString("").equals("BertPreTokenizer")) {
            throw new IllegalArgumentException(
                    "a WordPiece model with another normalizer or pre_tokenizer than BERT's has" + " no place in GGUF");
        }
    }

    @Override
    void put(GgufWriter writer, int begin, int end) {
        TextTemplate template = TextTemplate.of(root.path("post_processor"));
        if (template.prefix().size() != 1 || template.suffix().size() != 1) {
            throw new IllegalArgumentException(
                    "a WordPiece model that does not put one token before and one after every"
                            + " text has no place in GGUF");
        }
        putTokens(writer, "bert");
        boolean lowercase = normalizer.path("lowercase").asBoolean(true);
        writer.put("tokenizer.ggml.pre", "default")
                .put("tokenizer.ggml.normalizer.lowercase", lowercase)
                .put(
                        "tokenizer.ggml.normalizer.strip_accents",
                        normalizer.path("strip_accents").isBoolean()
                                ? normalizer.path("strip_accents").booleanValue()
                                : lowercase)
                .put("tokenizer.ggml.cls_token_id", template.prefix().getFirst())
                .put("tokenizer.ggml.seperator_token_id", template.suffix().getFirst());
    }
}
