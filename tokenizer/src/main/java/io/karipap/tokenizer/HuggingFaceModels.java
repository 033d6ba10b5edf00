package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the {@code model} of a tokenizer.json: BPE, Unigram or WordPiece. */
final class HuggingFaceModels {
    private final JsonNode model;
    private final Set<String> special;

    private HuggingFaceModels(JsonNode model, Set<String> special) {
        this.model = model;
        this.special = special;
    }

    /**
     * @param bytes whether the pre-tokenizer spells bytes
     * @param special spellings of special tokens, which never come out of a plain text
     */
    static TokenModel read(JsonNode model, boolean bytes, Set<String> special) {
        HuggingFaceModels reader = new HuggingFaceModels(model, special);
        String type = model.path("type").asString(reader.typeByFields());
        if (bytes && !type.equals("BPE")) {
            throw new TokenizerException(
                    "model type \"" + type + "\" is not supported with the ByteLevel pre_tokenizer");
        }
        return switch (type) {
            case "BPE" -> reader.bpe(bytes);
            case "Unigram" -> reader.unigram();
            case "WordPiece" -> reader.wordPiece();
            default ->
                throw new TokenizerException(
                        "model type \"" + type + "\" is not supported, expected BPE, Unigram or WordPiece");
        };
    }

    /** Files of old versions do not name the type. */
    private String typeByFields() {
        if (model.has("merges")) {
            return "BPE";
        }
        return model.path("vocab").isArray() ? "Unigram" : model.has("max_input_chars_per_word") ? "WordPiece" : "";
    }

    private BpeModel bpe(boolean bytes) {
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
        int unknownId = model.path("unk_token").isString() ? unknownId(vocabulary) : -1;
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

    private UnigramModel unigram() {
        JsonNode vocab = model.path("vocab");
        if (!vocab.isArray() || vocab.isEmpty() || vocab.size() > Vocabulary.MAX_ID) {
            throw new TokenizerException("model.vocab of the Unigram model is missing, expected an array of 1.."
                    + Vocabulary.MAX_ID + " pairs of token and score");
        }
        Vocabulary.Builder ids = new Vocabulary.Builder(vocab.size());
        double[] scores = new double[vocab.size()];
        boolean[] usable = new boolean[vocab.size()];
        double least = Double.POSITIVE_INFINITY;
        for (int id = 0; id < scores.length; id++) {
            JsonNode pair = vocab.get(id);
            if (!pair.isArray() || !pair.path(0).isString() || !pair.path(1).isNumber()) {
                throw new TokenizerException("model.vocab[" + id + "] is not a pair of token and score: " + pair);
            }
            String token = pair.get(0).stringValue();
            if (!ids.add(id, token)) {
                throw new TokenizerException("token \"" + token + "\" is there twice");
            }
            scores[id] = pair.get(1).doubleValue();
            usable[id] = !special.contains(token);
            least = Math.min(least, scores[id]);
        }
        JsonNode unknown = model.path("unk_id");
        if (!unknown.isIntegralNumber() || unknown.asInt(-1) < 0 || unknown.asInt(-1) >= scores.length) {
            throw new TokenizerException(
                    "model.unk_id of the Unigram model is " + unknown + ", expected 0.." + (scores.length - 1));
        }
        Vocabulary vocabulary = ids.build();
        int[] byteIds = model.path("byte_fallback").asBoolean(false) ? fallbackIds(vocabulary) : null;
        return new UnigramModel(vocabulary, scores, usable, least, false, unknown.intValue(), byteIds);
    }

    private WordPieceModel wordPiece() {
        Vocabulary vocabulary = vocabulary(model.path("vocab"));
        if (!model.path("unk_token").isString()) {
            throw new TokenizerException("model.unk_token of the WordPiece model is missing");
        }
        return new WordPieceModel(
                vocabulary,
                id -> !special.contains(vocabulary.token(id)),
                model.path("continuing_subword_prefix").asString("##"),
                unknownId(vocabulary),
                model.path("max_input_chars_per_word").asInt(100));
    }

    private int unknownId(Vocabulary vocabulary) {
        String token = model.path("unk_token").stringValue();
        int id = vocabulary.id(token);
        if (id < 0) {
            throw new TokenizerException("model.unk_token \"" + token + "\" is not in the vocabulary");
        }
        return id;
    }

    private static Vocabulary vocabulary(JsonNode vocab) {
        if (!vocab.isObject() || vocab.isEmpty()) {
            throw new TokenizerException("model.vocab is missing, expected an object of token → id");
        }
        Vocabulary.Builder ids = new Vocabulary.Builder(vocab.size());
        for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
            if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
                throw new TokenizerException("model.vocab[\"" + entry.getKey() + "\"] is not a token id");
            }
            ids.add(entry.getValue().intValue(), entry.getKey());
        }
        return ids.build();
    }

    private static MergeTable merges(JsonNode merges, Vocabulary vocabulary) {
        if (!merges.isArray()) {
            throw new TokenizerException("model.merges is missing, expected an array");
        }
        ListedMerges table = new ListedMerges(vocabulary, merges.size());
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
                    throw new TokenizerException(
                            "model.merges[" + table.next() + "] is not a pair of tokens: " + merge);
                }
                left = pair.substring(0, space);
                right = pair.substring(space + 1);
            }
            table.add(left, right);
        }
        return table.table();
    }

    static int[] byteLevelIds(Vocabulary vocabulary) {
        int[] ids = new int[256];
        Arrays.setAll(ids, b -> vocabulary.id(String.valueOf(ByteLevelAlphabet.charOf(b))));
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
}
