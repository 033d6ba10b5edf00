package io.karipap.export;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.model.config.ModelConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The vocabulary of a tokenizer.json, as GGUF holds it: byte-level BPE with merges ("gpt2"), or pieces with scores ("llama"). */
final class GgufTokenizer {
    private static final String FILE = "tokenizer.json";
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;

    private final boolean byteFallback;
    private final boolean addBos;
    private final JsonNode config;
    private final String[] tokens;
    private final int[] types;
    private final List<String> merges = new ArrayList<>();

    private GgufTokenizer(JsonNode root, JsonNode config, int size) {
        JsonNode model = root.path("model");
        this.config = config;
        byteFallback = model.path("byte_fallback").asBoolean(false);
        addBos = root.path("post_processor").path("type").asString("").equals("TemplateProcessing");
        tokens = new String[size];
        types = new int[size];
        Arrays.fill(types, UNUSED);
        for (int id = 0; id < size; id++) {
            tokens[id] = "<unused-" + id + ">";
        }
        for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
            boolean isByte = byteFallback && entry.getKey().matches("<0x[0-9A-F]{2}>");
            set(entry.getValue().asInt(-1), entry.getKey(), isByte ? BYTE : NORMAL);
        }
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.path("content").asString("");
            boolean unknown = content.equals(model.path("unk_token").asString(""));
            set(token.path("id").asInt(-1), content, unknown ? UNKNOWN : CONTROL);
        }
        for (JsonNode merge : model.path("merges")) {
            merges.add(
                    merge.isArray()
                            ? merge.get(0).asString() + " " + merge.get(1).asString()
                            : merge.asString());
        }
    }

    private void set(int id, String token, int type) {
        if (id < 0 || id >= tokens.length) {
            throw new IllegalArgumentException("token \"" + token + "\" has the id " + id + ", outside the vocabulary");
        }
        tokens[id] = token;
        types[id] = type;
    }

    /** @throws ModelFormatException if the tokenizer is of another kind */
    static GgufTokenizer read(ModelSource source, ModelConfig config) throws IOException {
        try {
            JsonNode root = Json.parse(source.read(FILE));
            if (!root.path("model").path("type").asString("").equals("BPE")) {
                throw new ModelFormatException(source.describe(FILE) + " is not a BPE tokenizer, expected one");
            }
            return new GgufTokenizer(root, Json.parse(source.read("config.json")), config.vocabularySize());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ModelFormatException(source.describe(FILE) + ": " + e.getMessage(), e);
        }
    }

    void put(GgufWriter writer) {
        writer.put("tokenizer.ggml.model", byteFallback ? "llama" : "gpt2")
                .putStrings("tokenizer.ggml.tokens", Arrays.asList(tokens))
                .putInts("tokenizer.ggml.token_type", types)
                .put("tokenizer.ggml.add_bos_token", addBos);
        if (byteFallback) {
            writer.putFloats("tokenizer.ggml.scores", scores());
        } else {
            writer.put("tokenizer.ggml.pre", "gpt-2").putStrings("tokenizer.ggml.merges", merges);
        }
        id(writer, "bos_token_id");
        id(writer, "eos_token_id");
    }

    private void id(GgufWriter writer, String name) {
        JsonNode id = config.path(name);
        if (id.isIntegralNumber()) {
            writer.put("tokenizer.ggml." + name, id.asInt());
        }
    }

    /** A piece that is merged earlier scores higher; what no merge makes scores lowest. */
    private float[] scores() {
        Map<String, Integer> rank = new HashMap<>();
        for (int i = 0; i < merges.size(); i++) {
            rank.putIfAbsent(merges.get(i).replace(" ", ""), i);
        }
        float[] scores = new float[tokens.length];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = -rank.getOrDefault(tokens[id], merges.size());
        }
        return scores;
    }
}
