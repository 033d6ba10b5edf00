package io.karipap.export;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * The vocabulary of a tokenizer.json, as GGUF holds it. What a file says of added tokens beyond whether they are special (spaces that they
 * take with them) has no place there.
 */
abstract class GgufTokenizer {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    final JsonNode root;
    final JsonNode model;
    final String[] tokens;
    final int[] types;
    private final Map<String, Integer> ids = new HashMap<>();

    /** @param size rows of the embedding */
    GgufTokenizer(JsonNode root, int size) {
        this.root = root;
        this.model = root.path("model");
        tokens = new String[size];
        types = new int[size];
        Arrays.fill(types, UNUSED);
        for (int id = 0; id < size; id++) {
            tokens[id] = "[PAD" + id + "]";
        }
    }

    /**
     * @param size rows of the embedding
     * @throws IllegalArgumentException if GGUF cannot say what the tokenizer does
     */
    static GgufTokenizer of(JsonNode root, int size) {
        JsonNode model = root.path("model");
        String type = model.path("type")
                .asString(model.has("merges") ? "BPE" : model.path("vocab").isArray() ? "Unigram" : "WordPiece");
        return switch (type) {
            case "BPE" ->
                GgufByteLevel.isByteLevel(root.path("pre_tokenizer"))
                        ? new GgufByteLevel(root, size)
                        : new GgufPieces(root, size, false);
            case "Unigram" -> new GgufPieces(root, size, true);
            case "WordPiece" -> new GgufWords(root, size);
            default -> throw new IllegalArgumentException("model type \"" + type + "\" has no place in GGUF");
        };
    }

    /** @throws IllegalArgumentException if the texts get other tokens around them than these */
    abstract void put(GgufWriter writer, int begin, int end);

    /** The token for what is not in the vocabulary. */
    OptionalInt unknown(TokenRoles roles) {
        String spelled = model.path("unk_token").asString("");
        return spelled.isEmpty() ? roles.of("unk", this::id) : known(spelled);
    }

    final OptionalInt known(String token) {
        return id(token) < 0 ? OptionalInt.empty() : OptionalInt.of(id(token));
    }

    /** Id of the token that is spelled so, or −1. */
    final int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    final void set(int id, String token, int type) {
        if (id < 0 || id >= tokens.length) {
            throw new IllegalArgumentException("token \"" + token + "\" has the id " + id + ", outside the vocabulary");
        }
        tokens[id] = token;
        types[id] = type;
        ids.put(token, id);
    }

    /** Those that no row of the embedding belongs to are left out: the model cannot read them. */
    final void setAdded() {
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.path("content").asString("");
            int known = id(content);
            int id = known >= 0 ? known : token.path("id").asInt(-1);
            if (id < tokens.length) {
                boolean unknown = content.equals(model.path("unk_token").asString(""));
                boolean special = token.path("special").asBoolean(false);
                set(id, content, unknown ? UNKNOWN : special ? CONTROL : USER_DEFINED);
            }
        }
    }

    final void putTokens(GgufWriter writer, String kind) {
        writer.put("tokenizer.ggml.model", kind)
                .putStrings("tokenizer.ggml.tokens", Arrays.asList(tokens))
                .putInts("tokenizer.ggml.token_type", types);
    }

    /** Whether texts get {@code begin} before and {@code end} after them. */
    final void putTemplate(GgufWriter writer, int begin, int end) {
        TextTemplate template = TextTemplate.of(root.path("post_processor"));
        writer.put("tokenizer.ggml.add_bos_token", template.adds(template.prefix(), begin, "before"));
        writer.put("tokenizer.ggml.add_eos_token", template.adds(template.suffix(), end, "after"));
    }
}
