package io.karipap.tokenizer;

import io.karipap.tokenizer.format.GgufMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the vocabulary inside a GGUF file: the {@code gpt2} (byte-level BPE) and {@code llama} (SentencePiece BPE) kinds. */
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
            case "llama" -> new GgufTokenizerReader(metadata).sentencePiece();
            default ->
                throw new TokenizerException(
                        "tokenizer.ggml.model \"" + model + "\" is not supported, expected gpt2 or llama");
        };
    }

    private int[] prefix(boolean absent) {
        int id = (int) metadata.number("tokenizer.ggml.bos_token_id", -1);
        boolean adds = metadata.bool("tokenizer.ggml.add_bos_token", absent);
        return adds && id >= 0 && id < tokens.size() ? new int[] {id} : new int[0];
    }

    private TokenizerParts sentencePiece() {
        List<Number> scores = metadata.numbers("tokenizer.ggml.scores");
        if (scores.size() != tokens.size()) {
            throw new TokenizerException("has " + tokens.size() + " tokens but " + scores.size() + " scores");
        }
        int[] prefix = prefix(true);
        return new ScoredVocabulary(
                        tokens.toArray(String[]::new),
                        scores.stream().mapToDouble(Number::doubleValue).toArray(),
                        types,
                        metadata.bool("tokenizer.ggml.add_space_prefix", true),
                        metadata.bool("tokenizer.ggml.remove_extra_whitespaces", false),
                        prefix.length == 0 ? -1 : prefix[0],
                        -1)
                .parts();
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
            HuggingFaceReader.addMerge(merges, vocabulary, pair.substring(0, space), pair.substring(space + 1), rank);
        }
        String pre = metadata.string("tokenizer.ggml.pre", "gpt-2");
        boolean wholePieceFirst = pre.equals("llama-bpe");
        return ByteLevelParts.of(
                vocabulary, merges, SplitPatterns.stages(pre), null, added, prefix(false), wholePieceFirst);
    }
}
