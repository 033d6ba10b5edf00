package io.karipap.tokenizer;

import io.karipap.tokenizer.format.SplitPatterns;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufTexts;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the vocabulary inside a GGUF file: the kinds {@code gpt2} (byte-level BPE), {@code llama} (SentencePiece BPE), {@code t5}
 * (Unigram) and {@code bert} (WordPiece).
 */
final class GgufTokenizerReader {
    private final GgufMetadata metadata;
    private final GgufTexts tokens;
    private final PieceType[] types;

    private GgufTokenizerReader(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.texts("tokenizer.ggml.tokens");
        if (tokens.size() == 0 || tokens.size() > Vocabulary.MAX_ID) {
            throw new TokenizerException("has " + tokens.size() + " tokens, expected 1.." + Vocabulary.MAX_ID);
        }
        long[] numbers = metadata.wholes("tokenizer.ggml.token_type");
        if (numbers.length != 0 && numbers.length != tokens.size()) {
            throw new TokenizerException("has " + tokens.size() + " tokens but " + numbers.length + " token types");
        }
        types = new PieceType[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = numbers.length == 0 ? PieceType.NORMAL : PieceType.of(numbers[id]);
        }
    }

    /** @throws TokenizerException if the vocabulary is malformed or of another kind */
    static TokenizerParts read(GgufMetadata metadata) {
        String model = metadata.string("tokenizer.ggml.model", "");
        return switch (model) {
            case "gpt2" -> new GgufTokenizerReader(metadata).byteLevel();
            case "llama" -> new GgufTokenizerReader(metadata).sentencePiece(ScoredVocabulary.Kind.BPE);
            case "t5" -> new GgufTokenizerReader(metadata).sentencePiece(ScoredVocabulary.Kind.UNIGRAM);
            case "bert" -> new GgufTokenizerReader(metadata).wordPiece();
            default ->
                throw new TokenizerException(
                        "tokenizer.ggml.model \"" + model + "\" is not supported, expected gpt2, llama, t5 or bert");
        };
    }

    /** The special token {@code role} where the switch {@code add} says that it is put at an end of every text. */
    private int[] added(String role, String add, boolean absent) {
        int id = (int) metadata.number("tokenizer.ggml." + role + "_token_id", -1);
        boolean adds = metadata.bool("tokenizer.ggml." + add, absent);
        return adds && id >= 0 && id < tokens.size() ? new int[] {id} : new int[0];
    }

    private TokenizerParts sentencePiece(ScoredVocabulary.Kind kind) {
        double[] scores = metadata.reals("tokenizer.ggml.scores");
        if (scores.length != tokens.size()) {
            throw new TokenizerException("has " + tokens.size() + " tokens but " + scores.length + " scores");
        }
        boolean unigram = kind == ScoredVocabulary.Kind.UNIGRAM;
        boolean addSpace = metadata.bool("tokenizer.ggml.add_space_prefix", true);
        boolean rawUserDefined = addSpace && !unigram;
        Vocabulary.Builder pieces = new Vocabulary.Builder(types.length);
        for (int id = 0; id < types.length; id++) {
            // The converter spells these with spaces; in the normalised text they are visible.
            add(
                    id,
                    types[id] == PieceType.USER_DEFINED && !rawUserDefined
                            ? tokens.get(id).replace(' ', '▁')
                            : null,
                    pieces);
        }
        return new ScoredVocabulary(
                        kind,
                        pieces.build(),
                        scores,
                        types,
                        (int) metadata.number("tokenizer.ggml.unknown_token_id", unigram ? 2 : 0),
                        rules(),
                        addSpace,
                        metadata.bool("tokenizer.ggml.remove_extra_whitespaces", false),
                        rawUserDefined,
                        List.of(),
                        added("bos", "add_bos_token", !unigram),
                        added("eos", "add_eos_token", unigram))
                .parts();
    }

    /** Adds token {@code id}, spelled {@code otherwise} where that is not null. */
    private void add(int id, String otherwise, Vocabulary.Builder vocabulary) {
        boolean added = otherwise != null
                ? vocabulary.add(id, otherwise)
                : vocabulary.add(id, tokens.bytes(), tokens.start(id), tokens.end(id));
        if (!added) {
            String token = otherwise != null ? otherwise : tokens.get(id);
            throw new TokenizerException("token \"" + token + "\" is there twice");
        }
    }

    private CharsMap rules() {
        long[] numbers = metadata.wholes("tokenizer.ggml.precompiled_charsmap");
        if (numbers.length == 0) {
            return null;
        }
        byte[] compiled = new byte[numbers.length];
        for (int i = 0; i < compiled.length; i++) {
            compiled[i] = (byte) numbers[i];
        }
        return new CharsMap(compiled);
    }

    /** Tokens are stored with the visible space ▁ before words instead of ## before continuations. */
    private TokenizerParts wordPiece() {
        Vocabulary.Builder vocabulary = new Vocabulary.Builder(types.length);
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            String token = tokens.get(id);
            boolean bracketed = token.startsWith("[") && token.endsWith("]");
            if (!bracketed && types[id] == PieceType.NORMAL) {
                token = token.startsWith("▁") && token.length() > 1 ? token.substring(1) : "##" + token;
            }
            add(id, token, vocabulary);
            if (types[id] == PieceType.CONTROL || types[id] == PieceType.UNKNOWN) {
                added.add(new AddedToken(id, token, true, false, false, false, false));
            }
        }
        boolean lowercase = metadata.bool("tokenizer.ggml.normalizer.lowercase", true);
        return WordListReader.parts(
                vocabulary.build(),
                new BertNormalizer(
                        true, true, metadata.bool("tokenizer.ggml.normalizer.strip_accents", lowercase), lowercase),
                required("unknown", 100),
                added,
                required("cls", (int) metadata.number("tokenizer.ggml.bos_token_id", 101)),
                required("seperator", (int) metadata.number("tokenizer.ggml.eos_token_id", 102)));
    }

    /** The id at {@code tokenizer.ggml.ROLE_token_id}. */
    private int required(String role, int absent) {
        String key = "tokenizer.ggml." + role + "_token_id";
        long id = metadata.number(key, absent);
        if (id < 0 || id >= tokens.size()) {
            throw new TokenizerException(key + " is " + id + ", expected 0.." + (tokens.size() - 1));
        }
        return (int) id;
    }

    private TokenizerParts byteLevel() {
        Vocabulary.Builder builder = new Vocabulary.Builder(types.length);
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            add(id, null, builder);
            if (types[id] == PieceType.CONTROL || types[id] == PieceType.USER_DEFINED) {
                boolean special = types[id] == PieceType.CONTROL;
                added.add(new AddedToken(id, tokens.get(id), special, false, false, false, false));
            }
        }
        Vocabulary vocabulary = builder.build();
        MergeTable merges = merges(vocabulary);
        String pre = metadata.string("tokenizer.ggml.pre", "gpt-2");
        return ByteLevelParts.of(
                vocabulary,
                merges,
                HuggingFacePreTokenizers.named(pre),
                null,
                added,
                added("bos", "add_bos_token", SplitPatterns.addsBegin(pre)),
                added("eos", "add_eos_token", false),
                SplitPatterns.wholePieceFirst(pre));
    }

    private MergeTable merges(Vocabulary vocabulary) {
        GgufTexts pairs = metadata.texts("tokenizer.ggml.merges");
        ListedMerges merges = new ListedMerges(vocabulary, pairs.size());
        for (int rank = 0; rank < pairs.size(); rank++) {
            int start = pairs.start(rank);
            int end = pairs.end(rank);
            int space = start + 1;
            while (space < end && pairs.bytes()[space] != ' ') {
                space++;
            }
            if (space >= end - 1) {
                throw new TokenizerException("merge " + rank + " is not a pair of tokens");
            }
            merges.add(pairs.bytes(), start, space, end);
        }
        return merges.table();
    }
}
