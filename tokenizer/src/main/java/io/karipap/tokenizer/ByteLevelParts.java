package io.karipap.tokenizer;

import java.util.List;

/** Assembles byte-level BPE tokenizers from formats other than tokenizer.json. */
final class ByteLevelParts {
    private ByteLevelParts() {}

    static TokenizerParts of(
            Vocabulary vocabulary,
            MergeTable merges,
            PreTokenizer preTokenizer,
            Normalizer normalizer,
            List<AddedToken> added,
            int[] prefix,
            int[] suffix,
            boolean wholePieceFirst) {
        SymbolSource source = new SymbolSource.Bytes(HuggingFaceModels.byteLevelIds(vocabulary), -1);
        return new TokenizerParts(
                new BpeModel(vocabulary, merges, source, wholePieceFirst),
                added,
                normalizer,
                preTokenizer,
                TokenDecoder.byteLevel(),
                prefix,
                suffix,
                false);
    }
}
