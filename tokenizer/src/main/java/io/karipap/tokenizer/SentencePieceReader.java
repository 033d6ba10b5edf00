package io.karipap.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Reads a SentencePiece {@code tokenizer.model} of the BPE or Unigram kind (sentencepiece_model.proto). */
final class SentencePieceReader {
    private static final int MODEL_TYPE_UNIGRAM = 1;
    private static final int MODEL_TYPE_BPE = 2;

    private final Vocabulary.Builder pieces = new Vocabulary.Builder(1 << 15);
    private int count;
    private final List<Float> scores = new ArrayList<>();
    private final List<PieceType> types = new ArrayList<>();
    private final TokenizerConfig config;
    private long modelType = MODEL_TYPE_UNIGRAM;
    private long beginId = 1;
    private CharsMap rules;
    private boolean addSpace = true;
    private boolean collapseSpaces = true;

    private SentencePieceReader(TokenizerConfig config) {
        this.config = config;
    }

    /**
     * @param config what the files beside it say
     * @throws TokenizerException if the file is malformed or of another kind
     */
    static TokenizerParts read(byte[] bytes, TokenizerConfig config) {
        SentencePieceReader reader = new SentencePieceReader(config);
        reader.readModel(new ProtobufReader(bytes));
        return reader.parts();
    }

    private void readModel(ProtobufReader model) {
        for (int field = model.nextField(); field != 0; field = model.nextField()) {
            switch (field) {
                case 1 -> readPiece(model.message());
                case 2 -> readTrainer(model.message());
                case 3 -> readNormalizer(model.message());
                default -> model.skip();
            }
        }
    }

    private void readPiece(ProtobufReader piece) {
        String text = "";
        float score = 0;
        PieceType type = PieceType.NORMAL;
        for (int field = piece.nextField(); field != 0; field = piece.nextField()) {
            switch (field) {
                case 1 -> text = piece.string();
                case 2 -> score = piece.float32();
                case 3 -> type = PieceType.of(piece.number());
                default -> piece.skip();
            }
        }
        if (count >= Vocabulary.MAX_ID) {
            throw new TokenizerException("has more than " + Vocabulary.MAX_ID + " pieces");
        }
        if (!pieces.add(count++, text)) {
            throw new TokenizerException("token \"" + text + "\" is there twice");
        }
        scores.add(score);
        types.add(type);
    }

    private void readTrainer(ProtobufReader trainer) {
        for (int field = trainer.nextField(); field != 0; field = trainer.nextField()) {
            switch (field) {
                case 3 -> modelType = trainer.number();
                case 24 -> {
                    if (trainer.number() != 0) {
                        throw new TokenizerException("treat_whitespace_as_suffix is not supported");
                    }
                }
                case 41 -> beginId = (int) trainer.number();
                default -> trainer.skip();
            }
        }
    }

    private void readNormalizer(ProtobufReader normalizer) {
        for (int field = normalizer.nextField(); field != 0; field = normalizer.nextField()) {
            switch (field) {
                case 2 -> {
                    byte[] compiled = normalizer.bytes();
                    rules = compiled.length == 0 ? null : new CharsMap(compiled);
                }
                case 3 -> addSpace = normalizer.number() != 0;
                case 4 -> collapseSpaces = normalizer.number() != 0;
                case 5 -> {
                    if (normalizer.number() == 0) {
                        throw new TokenizerException("escape_whitespaces = false is not supported");
                    }
                }
                default -> normalizer.skip();
            }
        }
    }

    private TokenizerParts parts() {
        if (modelType != MODEL_TYPE_BPE && modelType != MODEL_TYPE_UNIGRAM) {
            throw new TokenizerException("model type " + modelType + " is not supported, expected Unigram ("
                    + MODEL_TYPE_UNIGRAM + ") or BPE (" + MODEL_TYPE_BPE + ")");
        }
        if (count == 0) {
            throw new TokenizerException("has 0 pieces, expected 1.." + Vocabulary.MAX_ID);
        }
        Vocabulary vocabulary = pieces.build();
        List<AddedToken> added = config.added();
        int begin = beginId >= 0 && beginId < count ? (int) beginId : -1;
        int[] none = new int[0];
        int[] prefix = none;
        int[] suffix = none;
        String type = config.tokenizerClass();
        switch (type) {
            case "",
                    "PreTrainedTokenizer",
                    "TokenizersBackend",
                    "LlamaTokenizer",
                    "CodeLlamaTokenizer",
                    "GemmaTokenizer" -> {
                boolean adds = modelType == MODEL_TYPE_BPE
                        && (begin >= 0 || !config.special("bos_token", "").isEmpty());
                if (config.flag("add_bos_token", adds)) {
                    prefix = new int[] {special("bos_token", begin, added, vocabulary)};
                }
                if (config.flag("add_eos_token", false)) {
                    suffix = new int[] {special("eos_token", -1, added, vocabulary)};
                }
            }
            case "T5Tokenizer" -> {
                suffix = new int[] {special("eos_token", vocabulary.id("</s>"), added, vocabulary)};
                added = withExtraIds(added);
            }
            default ->
                throw new TokenizerException("tokenizer_class \"" + type
                        + "\" is not supported with a SentencePiece model; its tokenizer.json is missing");
        }
        return new ScoredVocabulary(
                        modelType == MODEL_TYPE_BPE ? ScoredVocabulary.Kind.BPE : ScoredVocabulary.Kind.UNIGRAM,
                        vocabulary,
                        scores.stream().mapToDouble(Float::doubleValue).toArray(),
                        types.toArray(PieceType[]::new),
                        -1,
                        rules,
                        addSpace,
                        collapseSpaces,
                        false,
                        added,
                        prefix,
                        suffix)
                .parts();
    }

    /** The id of the special token that the configuration names for {@code role}, or else {@code absent}. */
    private int special(String role, int absent, List<AddedToken> added, Vocabulary vocabulary) {
        String content = config.special(role, "");
        if (!content.isEmpty()) {
            for (AddedToken token : added) {
                if (token.content().equals(content)) {
                    return token.id();
                }
            }
            int id = vocabulary.id(content);
            if (id >= 0) {
                return id;
            }
        }
        if (!content.isEmpty() || absent < 0) {
            throw new TokenizerException(
                    "has no token for " + role + " \"" + content + "\", which is to be added to texts");
        }
        return absent;
    }

    /** T5's sentinels stand behind the pieces, the last one first, whether or not the configuration lists them. */
    private List<AddedToken> withExtraIds(List<AddedToken> added) {
        if (!added.isEmpty()) {
            return added;
        }
        List<AddedToken> all = new ArrayList<>();
        int count = 100;
        for (int i = 0; i < count; i++) {
            String content = "<extra_id_" + i + ">";
            all.add(new AddedToken(this.count + count - 1 - i, content, true, false, false, false, false));
        }
        return all;
    }
}
