package io.karipap.tokenizer;

import io.karipap.json.Json;
import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        BpeModel model = model(preTokenizer.endsInBytes());
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

    private BpeModel model(boolean bytes) {
        JsonNode model = root.path("model");
        String type = model.path("type").asString(model.has("merges") ? "BPE" : "");
        if (!type.equals("BPE")) {
            throw new TokenizerException("model type \"" + type + "\" is not supported, expected BPE");
        }
        if (model.path("dropout").asDouble(0) != 0) {
            throw new TokenizerException("model.dropout is not supported, expected none");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.path(affix).asString("").isEmpty()) {
                throw new TokenizerException("model." + affix + " is not supported, expected none");
            }
        }
        Vocabulary vocabulary = vocabulary(model.path("vocab"));
        MergeTable merges = merges(model.path("merges"), vocabulary);
        int unknownId = -1;
        if (model.path("unk_token").isString()) {
            unknownId = vocabulary.id(model.path("unk_token").stringValue());
            if (unknownId < 0) {
                throw new TokenizerException(
                        "model.unk_token \"" + model.path("unk_token").stringValue() + "\" is not in the vocabulary");
            }
        }
        SymbolSource source = bytes
                ? new SymbolSource.Bytes(byteLevelIds(vocabulary), unknownId)
                : new SymbolSource.CodePoints(
                        vocabulary,
                        model.path("byte_fallback").asBoolean(false) ? fallbackIds(vocabulary) : null,
                        unknownId,
                        model.path("fuse_unk").asBoolean(false));
        return new BpeModel(
                vocabulary, merges, source, model.path("ignore_merges").asBoolean(false));
    }

    private static Vocabulary vocabulary(JsonNode vocab) {
        if (!vocab.isObject() || vocab.isEmpty()) {
            throw new TokenizerException("model.vocab is missing, expected an object of token → id");
        }
        Map<String, Integer> ids = new LinkedHashMap<>(vocab.size() * 2);
        for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
            if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
                throw new TokenizerException("model.vocab[\"" + entry.getKey() + "\"] is not a token id");
            }
            ids.put(entry.getKey(), entry.getValue().intValue());
        }
        return new Vocabulary(ids);
    }

    private static MergeTable merges(JsonNode merges, Vocabulary vocabulary) {
        if (!merges.isArray()) {
            throw new TokenizerException("model.merges is missing, expected an array");
        }
        MergeTable table = new MergeTable(merges.size());
        int rank = 0;
        for (JsonNode merge : merges) {
            String left;
            String right;
            if (merge.isArray() && merge.size() == 2) {
                left = merge.get(0).asString();
                right = merge.get(1).asString();
            } else {
                String pair = merge.asString("");
                int space = pair.indexOf(' ');
                if (space <= 0 || space == pair.length() - 1 || pair.indexOf(' ', space + 1) >= 0) {
                    throw new TokenizerException("model.merges[" + rank + "] is not a pair of tokens: " + merge);
                }
                left = pair.substring(0, space);
                right = pair.substring(space + 1);
            }
            addMerge(table, vocabulary, left, right, rank++);
        }
        return table;
    }

    /** @throws TokenizerException if the vocabulary lacks one of the tokens or what they make */
    static void addMerge(MergeTable table, Vocabulary vocabulary, String left, String right, int rank) {
        int leftId = vocabulary.id(left);
        int rightId = vocabulary.id(right);
        int merged = vocabulary.id(left + right);
        if (leftId < 0 || rightId < 0 || merged < 0) {
            String missing = leftId < 0 ? left : rightId < 0 ? right : left + right;
            throw new TokenizerException(
                    "merge " + rank + " names the token \"" + missing + "\", which is not in the vocabulary");
        }
        table.put(leftId, rightId, rank, merged);
    }

    static int[] byteLevelIds(Vocabulary vocabulary) {
        int[] ids = new int[256];
        for (int b = 0; b < 256; b++) {
            ids[b] = vocabulary.id(String.valueOf(ByteLevelAlphabet.charOf(b)));
        }
        return ids;
    }

    /** Ids of the tokens {@code <0x00>}…{@code <0xFF>}, or null unless all are there. */
    static int[] fallbackIds(Vocabulary vocabulary) {
        int[] ids = new int[256];
        for (int b = 0; b < 256; b++) {
            ids[b] = vocabulary.id(String.format("<0x%02X>", b));
            if (ids[b] < 0) {
                return null;
            }
        }
        return ids;
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
            default -> throw new TokenizerException("post_processor type \"" + type + "\" is not supported");
        }
    }

    private static int[] toArray(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
