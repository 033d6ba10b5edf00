package io.karipap.tokenizer;

import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads Hugging Face's {@code tokenizer.json}. What it does not know it refuses by name. */
final class HuggingFaceReader {

    private final JsonNode root;

    private HuggingFaceReader(JsonNode root) {
        this.root = root;
    }

    /** @throws TokenizerException if the file is malformed or asks for something unsupported */
    static TokenizerParts read(byte[] json) {
        JsonNode root;
        try {
            root = Json.parse(json);
        } catch (JacksonException e) {
            throw new TokenizerException("is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (root == null || !root.isObject() || !root.path("model").isObject()) {
            throw new TokenizerException("is not a tokenizer.json: expected an object with a \"model\"");
        }
        return new HuggingFaceReader(root).parts();
    }

    private TokenizerParts parts() {
        Normalizer normalizer = HuggingFaceNormalizers.read(root.path("normalizer"));
        HuggingFacePreTokenizers.Result preTokenizer = HuggingFacePreTokenizers.read(root.path("pre_tokenizer"));
        TokenModel model = HuggingFaceModels.read(root.path("model"), preTokenizer.endsInBytes(), specialSpellings());
        Map<String, int[]> special = new LinkedHashMap<>();
        List<Integer> prefix = new ArrayList<>();
        List<Integer> suffix = new ArrayList<>();
        postProcessor(root.path("post_processor"), special, prefix, suffix);
        return new TokenizerParts(
                model,
                addedTokens(model.vocabulary()),
                normalizer,
                preTokenizer.preTokenizer(),
                HuggingFaceDecoders.read(root.path("decoder")),
                toArray(prefix),
                toArray(suffix),
                preTokenizer.needsOrigins());
    }

    private Set<String> specialSpellings() {
        Set<String> spellings = new HashSet<>();
        for (JsonNode token : root.path("added_tokens")) {
            if (token.path("special").asBoolean(false)) {
                spellings.add(token.path("content").asString(""));
            }
        }
        return spellings;
    }

    /** An added token that is in the vocabulary has the vocabulary's id, whatever the file says: so does Hugging Face. */
    private List<AddedToken> addedTokens(Vocabulary vocabulary) {
        List<AddedToken> tokens = new ArrayList<>();
        for (JsonNode token : root.path("added_tokens")) {
            int known = vocabulary.id(token.path("content").asString(""));
            tokens.add(addedToken(known >= 0 ? known : token.path("id").asInt(-1), token));
        }
        return tokens;
    }

    /** @throws TokenizerException if the id or the spelling is missing */
    static AddedToken addedToken(int id, JsonNode token) {
        String content = token.path("content").asString("");
        if (id < 0 || id > Vocabulary.MAX_ID || content.isEmpty()) {
            throw new TokenizerException("added token " + id + " is not valid: " + token);
        }
        boolean special = token.path("special").asBoolean(false);
        return new AddedToken(
                id,
                content,
                special,
                token.path("single_word").asBoolean(false),
                token.path("lstrip").asBoolean(false),
                token.path("rstrip").asBoolean(false),
                token.path("normalized").asBoolean(!special));
    }

    private static void postProcessor(
            JsonNode node, Map<String, int[]> special, List<Integer> prefix, List<Integer> suffix) {
        if (node.isMissingNode() || node.isNull()) {
            return;
        }
        String type = node.path("type").asString("");
        switch (type) {
            case "ByteLevel" -> {
                // Only trims offsets.
            }
            case "Sequence" -> {
                for (JsonNode processor : node.path("processors")) {
                    postProcessor(processor, special, prefix, suffix);
                }
            }
            case "TemplateProcessing" -> {
                for (Map.Entry<String, JsonNode> entry :
                        node.path("special_tokens").properties()) {
                    JsonNode ids = entry.getValue().path("ids");
                    int[] array = new int[ids.size()];
                    for (int i = 0; i < array.length; i++) {
                        array[i] = ids.get(i).asInt(-1);
                    }
                    special.put(entry.getKey(), array);
                }
                List<Integer> target = prefix;
                for (JsonNode part : node.path("single")) {
                    if (part.has("Sequence")) {
                        target = suffix;
                        continue;
                    }
                    String name = part.path("SpecialToken").path("id").asString("");
                    int[] ids = special.get(name);
                    if (ids == null || Arrays.stream(ids).anyMatch(id -> id < 0)) {
                        throw new TokenizerException(
                                "post_processor names the special token \"" + name + "\" but gives no ids for it");
                    }
                    Arrays.stream(ids).forEach(target::add);
                }
            }
            case "BertProcessing", "RobertaProcessing" -> {
                prefix.add(special(node, "cls"));
                suffix.add(special(node, "sep"));
            }
            default -> throw new TokenizerException("post_processor type \"" + type + "\" is not supported");
        }
    }

    private static int special(JsonNode processor, String name) {
        int id = processor.path(name).path(1).asInt(-1);
        if (id < 0) {
            throw new TokenizerException("post_processor "
                    + processor.path("type").asString("") + " has no " + name + ", expected a pair of token and id");
        }
        return id;
    }

    private static int[] toArray(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
