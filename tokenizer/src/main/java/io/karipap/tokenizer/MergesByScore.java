package io.karipap.tokenizer;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Merges of vocabularies that give each token a priority instead of listing pairs (SentencePiece, tiktoken): two tokens merge if what
 * they make together is a token, and the merge whose result has the highest priority is done first. Every way to cut a token in two is
 * a merge of the token's rank.
 */
final class MergesByScore {
    private MergesByScore() {}

    /**
     * @param vocabulary tokens
     * @param scores priority by token id, higher first; of equal ones the smaller id
     * @param mergeable which tokens take part, by id
     */
    static MergeTable of(Vocabulary vocabulary, double[] scores, boolean[] mergeable) {
        Integer[] byScore = new Integer[vocabulary.size()];
        Arrays.setAll(byScore, i -> i);
        Arrays.sort(
                byScore, Comparator.comparingDouble((Integer id) -> -scores[id]).thenComparingInt(id -> id));
        MergeTable table = new MergeTable(vocabulary.size() * 4);
        for (int rank = 0; rank < byScore.length; rank++) {
            int id = byScore[rank];
            String token = vocabulary.token(id);
            if (token == null || !mergeable[id]) {
                continue;
            }
            for (int cut = 1; cut < token.length(); cut++) {
                int left = vocabulary.id(token.substring(0, cut));
                int right = left < 0 ? -1 : vocabulary.id(token.substring(cut));
                if (right >= 0 && mergeable[left] && mergeable[right]) {
                    table.put(left, right, rank, id);
                }
            }
        }
        return table;
    }
}
