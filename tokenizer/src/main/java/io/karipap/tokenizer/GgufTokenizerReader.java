package io.karipap.tokenizer;

import io.karipap.tokenizer.format.SplitPatterns;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the vocabulary inside a GGUF file: the kinds {@code gpt2} (byte-level BPE), {@code llama} (SentencePiece BPE), {@code t5}
 * (Unigram) and {@code bert} (WordPiece).
 */
final class GgufTokenizerReader {
    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final PieceType[] types;

    private GgufTokenizerReader(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.strings("tokenizer.ggml.tokens");
        if (tokens.isEmpty() || tokens.size() > Vocabulary.MAX_ID) {
            throw new TokenizerException("has " + tokens.size() + " tokens, expected 1.." + Vocabulary.MAX_ID);
        }
        List<Number> numbers = metadata.numbers("tokenizer.ggml.token_type");
        if (!numbers.isEmpty() && numbers.size() != tokens.size()) {
            throw new TokenizerException("has " + tokens.size() + " tokens but " + numbers.size() + " token types");
        }
        types = new PieceType[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = numbers.isEmpty()
                    ? PieceType.NORMAL
                    : PieceType.of(numbers.get(id).longValue());
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
        List<Number> scores = metadata.numbers("tokenizer.ggml.scores");
        if (scores.size() != tokens.size()) {
            throw new TokenizerException("has " + tokens.size() + " tokens but " + scores.size() + " scores");
        }
        boolean unigram = kind == ScoredVocabulary.Kind.UNIGRAM;
        boolean addSpace = metadata.bool("tokenizer.ggml.add_space_prefix", true);
        String[] pieces = tokens.toArray(String[]::new);
        boolean rawUserDefined = addSpace && !unigram;
        for (int id = 0; id < pieces.length; id++) {
            if (types[id] == PieceType.USER_DEFINED && !rawUserDefined) {
                // The converter spells these with spaces; in the normalised text they are visible.
                pieces[id] = pieces[id].replace(' ', '▁');
            }
        }
        return new ScoredVocabulary(
                        kind,
                        pieces,
                        scores.stream().mapToDouble(Number::doubleValue).toArray(),
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

    private CharsMap rules() {
        List<Number> numbers = metadata.numbers("tokenizer.ggml.precompiled_charsmap");
        if (numbers.isEmpty()) {
            return null;
        }
        byte[] compiled = new byte[numbers.size()];
        for (int i = 0; i < compiled.length; i++) {
            compiled[i] = numbers.get(i).byteValue();
        }
        return new CharsMap(compiled);
    }

    /** Tokens are stored with the visible space ▁ before words instead of ## before continuations. */
    private TokenizerParts wordPiece() {
        Map<String, Integer> ids = new HashMap<>();
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            String token = tokens.get(id);
            boolean bracketed = token.startsWith("[") && token.endsWith("]");
            if (!bracketed && types[id] == PieceType.NORMAL) {
                token = token.startsWith("▁") && token.length() > 1 ? token.substring(1) : "##" + token;
            }
            if (ids.put(token, id) != null) {
                throw new TokenizerException("token \"" + token + "\" is there twice");
            }
            if (types[id] == PieceType.CONTROL || types[id] == PieceType.UNKNOWN) {
                added.add(new AddedToken(id, token, true, false, false, false, false));
            }
        }
        boolean lowercase = metadata.bool("tokenizer.ggml.normalizer.lowercase", true);
        return WordListReader.parts(
                new Vocabulary(ids),
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
        Map<String, Integer> ids = new HashMap<>();
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            if (ids.put(tokens.get(id), id) != null) {
                throw new TokenizerException("token \"" + tokens.get(id) + "\" is there twice");
            }
            if (types[id] == PieceType.CONTROL || types[id] == PieceType.USER_DEFINED) {
                boolean special = types[id] == PieceType.CONTROL;
                added.add(new AddedToken(id, tokens.get(id), special, false, false, false, false));
            }
        }
        Vocabulary vocabulary = new Vocabulary(ids);
        List<String> pairs = metadata.strings("tokenizer.ggml.merges");
        MergeTable merges = new MergeTable(pairs.size());
        for (int rank = 0; rank < pairs.size(); rank++) {
            String pair = pairs.get(rank);
            int space = pair.indexOf(' ', 1);
            if (space < 0 || space == pair.length() - 1) {
                throw new TokenizerException("merge " + rank + " is not a pair of tokens");
            }
            HuggingFaceModels.addMerge(merges, vocabulary, pair.substring(0, space), pair.substring(space + 1), rank);
        }
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
}
