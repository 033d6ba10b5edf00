package io.karipap.export;

import io.karipap.json.Json;
import io.karipap.tokenizer.format.SplitPatterns;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufTexts;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The vocabulary of a GGUF file as a {@code tokenizer.json}, which Hugging Face's tokenizers read. */
final class HuggingFaceTokenizer {
    private static final String MARK = "▁";

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final int[] types;
    private final ObjectNode root = Json.object().put("version", "1.0");

    private HuggingFaceTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        tokens = strings("tokenizer.ggml.tokens");
        types = new int[tokens.size()];
        long[] numbers = metadata.wholes("tokenizer.ggml.token_type");
        for (int id = 0; id < types.length; id++) {
            types[id] = id < numbers.length ? (int) numbers[id] : GgufTokenizer.NORMAL;
        }
    }

    /**
     * The file as a tree.
     *
     * @throws IllegalArgumentException if the vocabulary is of a kind that is not known
     */
    static ObjectNode of(GgufMetadata metadata) {
        HuggingFaceTokenizer writer = new HuggingFaceTokenizer(metadata);
        writer.root.putNull("truncation").putNull("padding");
        String kind = metadata.string("tokenizer.ggml.model", "");
        switch (kind) {
            case "gpt2" -> writer.byteLevel();
            case "llama" -> writer.sentencePiece();
            case "t5" -> writer.unigram();
            case "bert" -> writer.wordPiece();
            default ->
                throw new IllegalArgumentException(
                        "tokenizer.ggml.model \"" + kind + "\" has no place in a tokenizer.json");
        }
        return writer.root;
    }

    private List<String> strings(String key) {
        GgufTexts texts = metadata.texts(key);
        return IntStream.range(0, texts.size()).mapToObj(texts::get).toList();
    }

    private int role(String role, int absent) {
        long id = metadata.number("tokenizer.ggml." + role + "_token_id", absent);
        return id < tokens.size() ? (int) id : absent;
    }

    /** @param normalized whether user-defined tokens are looked for in the normalised text */
    private void addedTokens(boolean normalized) {
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < types.length; id++) {
            boolean special = types[id] == GgufTokenizer.CONTROL || types[id] == GgufTokenizer.UNKNOWN;
            if (special || types[id] == GgufTokenizer.USER_DEFINED) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", !special && normalized)
                        .put("special", special);
            }
        }
    }

    private ObjectNode vocabulary(ObjectNode model) {
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < types.length; id++) {
            vocab.put(tokens.get(id), id);
        }
        return model;
    }

    /** @param begins whether texts begin with a token where the file does not say */
    private void template(boolean begins, boolean ends) {
        int begin = metadata.bool("tokenizer.ggml.add_bos_token", begins) ? role("bos", -1) : -1;
        int end = metadata.bool("tokenizer.ggml.add_eos_token", ends) ? role("eos", -1) : -1;
        template(begin, end);
    }

    private void template(int begin, int end) {
        if (begin < 0 && end < 0) {
            root.putNull("post_processor");
            return;
        }
        ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        ArrayNode pair = processor.putArray("pair");
        ObjectNode special = processor.putObject("special_tokens");
        special(begin, single, special, 0);
        sequence(single, "A", 0);
        special(end, single, special, 0);
        special(begin, pair, special, 0);
        sequence(pair, "A", 0);
        special(end, pair, special, 0);
        special(begin, pair, special, 1);
        sequence(pair, "B", 1);
        special(end, pair, special, 1);
    }

    private void special(int id, ArrayNode parts, ObjectNode special, int type) {
        if (id < 0) {
            return;
        }
        String token = tokens.get(id);
        parts.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
        ObjectNode entry = special.putObject(token).put("id", token);
        entry.putArray("ids").add(id);
        entry.putArray("tokens").add(token);
    }

    private static void sequence(ArrayNode parts, String name, int type) {
        parts.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }

    private ObjectNode bpe() {
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        return model;
    }

    private void byteLevel() {
        String pre = metadata.string("tokenizer.ggml.pre", "gpt-2");
        List<String> patterns = SplitPatterns.named(pre);
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("tokenizer.ggml.pre \"" + pre + "\" is not supported");
        }
        addedTokens(false);
        root.putNull("normalizer");
        ArrayNode stages =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        boolean gpt2 = patterns.getLast().equals(SplitPatterns.GPT2);
        for (String pattern : gpt2 ? patterns.subList(0, patterns.size() - 1) : patterns) {
            ObjectNode split = stages.addObject().put("type", "Split");
            // Oniguruma spells code points otherwise
            split.putObject("pattern").put("Regex", pattern.replaceAll("\\\\u([0-9A-F]{4})", "\\\\x{$1}"));
            split.put("behavior", "Isolated").put("invert", false);
        }
        byteLevel(stages.addObject(), gpt2);
        template(SplitPatterns.addsBegin(pre), false);
        byteLevel(root.putObject("decoder"), true);
        ObjectNode model = bpe().put("fuse_unk", false).put("byte_fallback", false);
        model.putNull("unk_token").put("ignore_merges", SplitPatterns.wholePieceFirst(pre));
        ArrayNode merges = vocabulary(model).putArray("merges");
        for (String merge : strings("tokenizer.ggml.merges")) {
            int space = merge.indexOf(' ', 1);
            merges.addArray().add(merge.substring(0, space)).add(merge.substring(space + 1));
        }
    }

    private static void byteLevel(ObjectNode node, boolean regex) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }

    private void sentencePiece() {
        boolean addSpace = metadata.bool("tokenizer.ggml.add_space_prefix", true);
        addedTokens(!addSpace);
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (addSpace) {
            normalizers.addObject().put("type", "Prepend").put("prepend", MARK);
        }
        replace(normalizers.addObject(), " ", MARK);
        root.putNull("pre_tokenizer");
        template(true, false);
        pieceDecoder(addSpace);
        int unknown = unknown(0);
        ObjectNode model =
                bpe().put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        model.put("unk_token", tokens.get(unknown));
        new ScoredMerges(tokens, metadata.reals("tokenizer.ggml.scores"), types)
                .put(vocabulary(model).putArray("merges"));
    }

    private int unknown(int absent) {
        for (int id = 0; id < types.length; id++) {
            if (types[id] == GgufTokenizer.UNKNOWN) {
                return id;
            }
        }
        return role("unknown", absent);
    }

    private static void replace(ObjectNode node, String from, String to) {
        node.put("type", "Replace").putObject("pattern").put("String", from);
        node.put("content", to);
    }

    private void pieceDecoder(boolean addSpace) {
        ArrayNode decoders = root.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replace(decoders.addObject(), MARK, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (addSpace) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
    }

    /** As Hugging Face's converter of T5. */
    private void unigram() {
        addedTokens(true);
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        byte[] rules = rules();
        if (rules.length > 0) {
            normalizers
                    .addObject()
                    .put("type", "Precompiled")
                    .put("precompiled_charsmap", Base64.getEncoder().encodeToString(rules));
        }
        if (metadata.bool("tokenizer.ggml.remove_extra_whitespaces", false)) {
            normalizers
                    .addObject()
                    .put("type", "Strip")
                    .put("strip_left", false)
                    .put("strip_right", true);
            normalizers
                    .addObject()
                    .put("type", "Replace")
                    .put("content", MARK)
                    .putObject("pattern")
                    .put("Regex", " {2,}");
        }
        boolean addSpace = metadata.bool("tokenizer.ggml.add_space_prefix", true);
        metaspace(root.putObject("pre_tokenizer"), addSpace);
        metaspace(root.putObject("decoder"), addSpace);
        template(false, true);
        ObjectNode model = root.putObject("model").put("type", "Unigram").put("unk_id", unknown(2));
        double[] scores = metadata.reals("tokenizer.ggml.scores");
        ArrayNode vocab = model.putArray("vocab");
        boolean bytes = false;
        for (int id = 0; id < types.length; id++) {
            vocab.addArray().add(tokens.get(id)).add(scores[id]);
            bytes |= types[id] == GgufTokenizer.BYTE;
        }
        model.put("byte_fallback", bytes);
    }

    private byte[] rules() {
        long[] numbers = metadata.wholes("tokenizer.ggml.precompiled_charsmap");
        byte[] rules = new byte[numbers.length];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = (byte) numbers[i];
        }
        return rules;
    }

    private static void metaspace(ObjectNode node, boolean addSpace) {
        node.put("type", "Metaspace")
                .put("replacement", MARK)
                .put("prepend_scheme", addSpace ? "always" : "never")
                .put("split", true);
    }

    private void wordPiece() {
        addedTokens(false);
        boolean lowercase = metadata.bool("tokenizer.ggml.normalizer.lowercase", true);
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("strip_accents", metadata.bool("tokenizer.ggml.normalizer.strip_accents", lowercase))
                .put("lowercase", lowercase);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        template(role("cls", role("bos", 101)), role("seperator", role("eos", 102)));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", tokens.get(role("unknown", 100)))
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab");
        List<String> spelled = new ArrayList<>(tokens);
        for (int id = 0; id < types.length; id++) {
            String token = spelled.get(id);
            boolean bracketed = token.startsWith("[") && token.endsWith("]");
            boolean plain = !bracketed && types[id] == GgufTokenizer.NORMAL;
            String piece = token.startsWith(MARK) && token.length() > 1 ? token.substring(1) : "##" + token;
            vocab.put(plain ? piece : token, id);
        }
    }
}
