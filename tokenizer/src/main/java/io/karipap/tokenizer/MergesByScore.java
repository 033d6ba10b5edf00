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
        PieceTrie heads = new PieceTrie();
        PieceTrie tails = new PieceTrie();
        for (int id = 0; id < vocabulary.size(); id++) {
            String token = vocabulary.token(id);
            if (token != null && mergeable[id]) {
                heads.put(token, id);
                tails.put(reversed(token), id);
            }
        }
        MergeTable table = new MergeTable(vocabulary.size());
        int[] lefts = new int[64];
        for (int rank = 0; rank < byScore.length; rank++) {
            int id = byScore[rank];
            String token = vocabulary.token(id);
            if (token == null || !mergeable[id]) {
                continue;
            }
            int length = token.length();
            if (length > lefts.length) {
                lefts = new int[length * 2];
            }
            int node = PieceTrie.ROOT;
            for (int cut = 1; cut < length; cut++) {
                node = heads.child(node, token.charAt(cut - 1));
                lefts[cut] = heads.id(node);
            }
            node = PieceTrie.ROOT;
            for (int cut = length - 1; cut > 0; cut--) {
                node = tails.child(node, token.charAt(cut));
                if (lefts[cut] >= 0 && tails.id(node) >= 0) {
                    table.put(lefts[cut], tails.id(node), rank, id);
                }
            }
        }
        return table;
    }

    /** The code units of {@code token} from the last to the first; surrogate pairs are not kept. */
    private static String reversed(String token) {
        char[] chars = new char[token.length()];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = token.charAt(chars.length - 1 - i);
        }
        return new String(chars);
    }
}
