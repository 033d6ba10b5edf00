package io.karipap.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A SentencePiece vocabulary, wherever it was stored: pieces with scores and types.
 *
 * @param kind what the scores mean
 * @param vocabulary spellings by id, without gaps
 * @param scores by id
 * @param types by id
 * @param unknownId the unknown token where no piece has that type, or −1
 * @param rules compiled normalisation rules, or null
 * @param addSpace whether a space is put before the text
 * @param collapseSpaces whether runs of spaces become one and those at the ends are dropped
 * @param rawUserDefined whether user-defined pieces are looked for in the raw text, with a space put before the text after them, as
 *     Hugging Face's added tokens; SentencePiece looks for them in the normalised text
 * @param added added tokens that another file names; they come before the types
 * @param prefix ids that the template puts before a text
 * @param suffix ids that the template puts after it
 */
@SuppressWarnings("ArrayRecordComponent")
record ScoredVocabulary(
        Kind kind,
        Vocabulary vocabulary,
        double[] scores,
        PieceType[] types,
        int unknownId,
        CharsMap rules,
        boolean addSpace,
        boolean collapseSpaces,
        boolean rawUserDefined,
        List<AddedToken> added,
        int[] prefix,
        int[] suffix) {
    private static final String SPACE_MARK = "▁";

    /** What SentencePiece (0.2.3) gives a user-defined piece for each of its bytes but the first. */
    private static final double BONUS = 0.1;

    enum Kind {
        /** Scores are priorities of merges. */
        BPE,
        /** Scores are logarithms of probabilities. */
        UNIGRAM
    }

    TokenizerParts parts() {
        List<AddedToken> userDefined = new ArrayList<>();
        Map<Integer, AddedToken> tokens = new TreeMap<>();
        for (int id = 0; id < types.length; id++) {
            switch (types[id]) {
                case UNKNOWN, CONTROL ->
                    tokens.put(id, new AddedToken(id, vocabulary.token(id), true, false, false, false, false));
                case USER_DEFINED -> {
                    AddedToken token =
                            new AddedToken(id, vocabulary.token(id), false, false, false, false, !rawUserDefined);
                    userDefined.add(token);
                    if (kind == Kind.BPE) { // a Unigram model weighs them against the other pieces
                        tokens.put(id, token);
                    }
                }
                default -> {
                    // part of the model's vocabulary
                }
            }
        }
        added.forEach(token -> tokens.put(token.id(), token));
        AddedTokens left = new AddedTokens(
                userDefined, userDefined.stream().map(AddedToken::content).toList());
        int stripLeft = !addSpace ? 0 : collapseSpaces ? Integer.MAX_VALUE : 1;
        return new TokenizerParts(
                kind == Kind.BPE ? bpe() : unigram(),
                List.copyOf(tokens.values()),
                new SentencePieceNormalizer(rules, left, addSpace, collapseSpaces),
                new PreTokenizer.Whole(),
                new TokenDecoder(TokenDecoder.Style.BYTE_FALLBACK, List.of(Map.entry(SPACE_MARK, " ")), stripLeft, ' '),
                prefix,
                suffix,
                false);
    }

    private int unknown() {
        for (int id = 0; id < types.length; id++) {
            if (types[id] == PieceType.UNKNOWN) {
                return id;
            }
        }
        return unknownId < types.length ? unknownId : -1;
    }

    private BpeModel bpe() {
        boolean[] mergeable = new boolean[types.length];
        for (int id = 0; id < types.length; id++) {
            mergeable[id] = types[id] == PieceType.NORMAL;
        }
        return new BpeModel(
                vocabulary,
                MergesByScore.of(vocabulary, scores, mergeable),
                new SymbolSource.CodePoints(vocabulary, HuggingFaceModels.fallbackIds(vocabulary), unknown(), true),
                false);
    }

    /** User-defined pieces get scores that are better than those of nearly all other ways to spell them. */
    private UnigramModel unigram() {
        int unknown = unknown();
        if (unknown < 0) {
            throw new TokenizerException("has no unknown token, which a Unigram model needs");
        }
        boolean[] usable = new boolean[types.length];
        float least = Float.MAX_VALUE;
        for (int id = 0; id < types.length; id++) {
            usable[id] = types[id] == PieceType.NORMAL || types[id] == PieceType.USER_DEFINED;
            if (types[id] == PieceType.NORMAL) {
                least = Math.min(least, (float) scores[id]);
            }
        }
        double[] adjusted = scores.clone();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == PieceType.USER_DEFINED) {
                int length = vocabulary.end(id) - vocabulary.start(id);
                adjusted[id] = (float) (length * BONUS - BONUS);
            }
        }
        return new UnigramModel(
                vocabulary, adjusted, usable, least, true, unknown, HuggingFaceModels.fallbackIds(vocabulary));
    }
}
