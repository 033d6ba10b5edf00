package io.karipap.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A SentencePiece BPE vocabulary, wherever it was stored: pieces with scores and types.
 *
 * @param pieces spellings by id
 * @param scores merge priority by id
 * @param types by id
 * @param addSpace whether a space is put before the text
 * @param collapseSpaces whether runs of spaces become one and those at the ends are dropped
 * @param beginId token put before a text by the template, or −1
 * @param endId token put after it, or −1
 */
@SuppressWarnings("ArrayRecordComponent")
record ScoredVocabulary(
        String[] pieces,
        double[] scores,
        PieceType[] types,
        boolean addSpace,
        boolean collapseSpaces,
        int beginId,
        int endId) {
    private static final String SPACE_MARK = "▁";

    TokenizerParts parts() {
        Map<String, Integer> ids = new HashMap<>();
        List<AddedToken> added = new ArrayList<>();
        boolean[] mergeable = new boolean[pieces.length];
        int unknownId = -1;
        for (int id = 0; id < pieces.length; id++) {
            if (ids.put(pieces[id], id) != null) {
                throw new TokenizerException("token \"" + pieces[id] + "\" is there twice");
            }
            mergeable[id] = types[id] == PieceType.NORMAL;
            switch (types[id]) {
                case UNKNOWN -> {
                    unknownId = id;
                    added.add(new AddedToken(id, pieces[id], true, false, false, false, false));
                }
                case CONTROL -> added.add(new AddedToken(id, pieces[id], true, false, false, false, false));
                case USER_DEFINED -> added.add(new AddedToken(id, pieces[id], false, false, false, false, false));
                default -> {
                    // part of the BPE vocabulary
                }
            }
        }
        Vocabulary vocabulary = new Vocabulary(ids);
        MergeTable merges = MergesByScore.of(vocabulary, scores, mergeable);
        SymbolSource source =
                new SymbolSource.CodePoints(vocabulary, HuggingFaceReader.fallbackIds(vocabulary), unknownId, true);
        return new TokenizerParts(
                new BpeModel(vocabulary, merges, source, false),
                added,
                normalizer(),
                new PreTokenizer.Whole(),
                new TokenDecoder(
                        TokenDecoder.Style.BYTE_FALLBACK, List.of(Map.entry(SPACE_MARK, " ")), addSpace ? 1 : 0, ' '),
                beginId < 0 ? new int[0] : new int[] {beginId},
                endId < 0 ? new int[0] : new int[] {endId},
                false);
    }

    private Normalizer normalizer() {
        List<Normalizer> stages = new ArrayList<>();
        if (collapseSpaces) {
            stages.add(new Normalizer.ReplaceRegex(new BoundedRegex("\\A +| +\\z"), ""));
            stages.add(new Normalizer.ReplaceRegex(new BoundedRegex(" {2,}"), " "));
        }
        if (addSpace) {
            stages.add(new Normalizer.Prepend(SPACE_MARK));
        }
        stages.add(new Normalizer.Replace(" ", SPACE_MARK));
        return new Normalizer.Sequence(List.copyOf(stages));
    }
}
