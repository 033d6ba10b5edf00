package io.karipap.export;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Pieces with scores: BPE over characters with byte fallback ("llama"), whose merges become scores, or Unigram ("t5"). */
final class GgufPieces extends GgufTokenizer {
    private static final String MARK = "▁";

    private final boolean unigram;
    private final float[] scores;
    private boolean addSpace;
    private boolean collapseSpaces;
    private boolean marksSpaces;
    private byte[] rules;

    GgufPieces(JsonNode root, int size, boolean unigram) {
        super(root, size);
        this.unigram = unigram;
        this.scores = new float[size];
        JsonNode vocabulary = model.path("vocab");
        if (unigram) {
            for (int id = 0; id < vocabulary.size(); id++) {
                set(id, vocabulary.get(id).path(0).asString(""), NORMAL);
                scores[id] = (float) vocabulary.get(id).path(1).asDouble(0);
            }
        } else {
            vocabulary.properties().forEach(entry -> set(entry.getValue().asInt(-1), entry.getKey(), NORMAL));
            scoreMerges();
        }
        if (model.path("byte_fallback").asBoolean(false)) {
            for (int id = 0; id < size; id++) {
                types[id] = types[id] == NORMAL && tokens[id].matches("<0x[0-9A-F]{2}>") ? BYTE : types[id];
            }
        } else if (!unigram) {
            throw new IllegalArgumentException(
                    "a BPE model over characters without byte_fallback has no place in GGUF");
        }
        setAdded();
        unknown().ifPresent(id -> types[id] = UNKNOWN);
        readNormalizer(root.path("normalizer"));
        readPreTokenizer(root.path("pre_tokenizer"));
        if (!marksSpaces) {
            throw new IllegalArgumentException("spaces are not marked by " + MARK + ", which GGUF takes for granted");
        }
    }

    /** A piece that is merged earlier scores higher; what no merge makes scores lowest. */
    private void scoreMerges() {
        List<String> merges = GgufByteLevel.merges(model);
        Map<String, Integer> rank = new HashMap<>();
        for (int i = 0; i < merges.size(); i++) {
            rank.putIfAbsent(merges.get(i).replace(" ", ""), i);
        }
        for (int id = 0; id < scores.length; id++) {
            scores[id] = -rank.getOrDefault(tokens[id], merges.size());
        }
    }

    private OptionalInt unknown() {
        JsonNode id = model.path("unk_id");
        return id.isIntegralNumber()
                ? OptionalInt.of(id.intValue())
                : known(model.path("unk_token").asString(""));
    }

    @Override
    OptionalInt unknown(TokenRoles roles) {
        return unknown();
    }

    private void readNormalizer(JsonNode node) {
        String type = node.path("type").asString("");
        JsonNode pattern = node.path("pattern");
        boolean replaces =
                type.equals("Replace") && node.path("content").asString("").equals(MARK);
        if (type.equals("Sequence")) {
            node.path("normalizers").forEach(this::readNormalizer);
        } else if (type.equals("Prepend") && node.path("prepend").asString("").equals(MARK)) {
            addSpace = true;
        } else if (replaces && pattern.path("String").asString("").equals(" ")) {
            marksSpaces = true;
        } else if (unigram && replaces && pattern.path("Regex").asString("").equals(" {2,}")) {
            collapseSpaces = true;
        } else if (unigram && type.equals("Precompiled")) {
            rules = Base64.getDecoder().decode(node.path("precompiled_charsmap").asString(""));
        } else if (!node.isMissingNode() && !node.isNull() && !(unigram && type.equals("Strip"))) {
            throw new IllegalArgumentException("the normalizer " + type + " has no place in GGUF");
        }
    }

    private void readPreTokenizer(JsonNode node) {
        String type = node.path("type").asString("");
        if (type.equals("Sequence")) {
            node.path("pretokenizers").forEach(this::readPreTokenizer);
        } else if (type.equals("Metaspace")
                && node.path("replacement").asString(MARK).equals(MARK)) {
            marksSpaces = true;
            String scheme = node.path("prepend_scheme")
                    .asString(node.path("add_prefix_space").asBoolean(true) ? "always" : "never");
            addSpace |= !scheme.equals("never");
        } else if (!node.isMissingNode()
                && !node.isNull()
                && !(type.equals("Split")
                        && node.path("pattern").path("String").asString("").equals(" "))
                && !(unigram && type.equals("WhitespaceSplit"))) {
            // where spaces are marked there is none to split at
            throw new IllegalArgumentException("the pre_tokenizer " + type + " has no place in GGUF");
        }
    }

    @Override
    void put(GgufWriter writer, int begin, int end) {
        putTokens(writer, unigram ? "t5" : "llama");
        writer.put("tokenizer.ggml.pre", "default")
                .putFloats("tokenizer.ggml.scores", Arrays.copyOf(scores, scores.length))
                .put("tokenizer.ggml.add_space_prefix", addSpace);
        if (unigram) {
            writer.put("tokenizer.ggml.remove_extra_whitespaces", collapseSpaces);
        }
        if (rules != null) {
            writer.putBytes("tokenizer.ggml.precompiled_charsmap", rules);
        }
        putTemplate(writer, begin, end);
    }
}
