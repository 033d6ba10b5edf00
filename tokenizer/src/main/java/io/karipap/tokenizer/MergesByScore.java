package io.karipap.tokenizer;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Merges of vocabularies that give each token a priority instead of listing pairs (SentencePiece, tiktoken): two tokens merge if what
 * they make together is a token, and the merge whose result has the highest priority is done first. Every way to cut a token in two is
 * a merge of the token's rank.
 */
final class MergesByScore {
    private final Vocabulary vocabulary;
    private final boolean[] mergeable;
    private final MergeTable table;

    private MergesByScore(Vocabulary vocabulary, boolean[] mergeable, int count) {
        this.vocabulary = vocabulary;
        this.mergeable = mergeable;
        this.table = new MergeTable(count);
    }

    /**
     * @param vocabulary tokens
     * @param scores priority by token id, higher first; of equal ones the smaller id
     * @param mergeable which tokens take part, by id
     */
    static MergeTable of(Vocabulary vocabulary, double[] scores, boolean[] mergeable) {
        int[] byScore = byScore(vocabulary, scores, mergeable);
        int longest = 0;
        for (int id : byScore) {
            longest = Math.max(longest, vocabulary.end(id) - vocabulary.start(id));
        }
        long[] powers = Vocabulary.powers(longest);
        MergesByScore merges = new MergesByScore(vocabulary, mergeable, byScore.length);
        for (int rank = 0; rank < byScore.length; rank++) {
            merges.cut(byScore[rank], rank, powers);
        }
        return merges.table;
    }

    /** The tokens that take part, highest priority first; most files have them in that order. */
    private static int[] byScore(Vocabulary vocabulary, double[] scores, boolean[] mergeable) {
        int[] ids = new int[vocabulary.size()];
        int count = 0;
        boolean sorted = true;
        for (int id = 0; id < ids.length; id++) {
            if (mergeable[id] && vocabulary.has(id)) {
                sorted &= count == 0 || Double.compare(-scores[ids[count - 1]], -scores[id]) <= 0;
                ids[count++] = id;
            }
        }
        ids = Arrays.copyOf(ids, count);
        return sorted
                ? ids
                : Arrays.stream(ids)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer id) -> -scores[id])
                                .thenComparingInt(id -> id))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /** Puts all ways to cut a token between two characters; the hash of its end is that of the whole without its beginning. */
    private void cut(int id, int rank, long[] powers) {
        byte[] bytes = vocabulary.bytes();
        int start = vocabulary.start(id);
        int end = vocabulary.end(id);
        long whole = Vocabulary.hash(bytes, start, end);
        long head = 0;
        for (int cut = start + 1; cut < end; cut++) {
            head = Vocabulary.append(head, bytes[cut - 1]);
            if ((bytes[cut] & 0xC0) == 0x80) {
                continue;
            }
            int left = vocabulary.id(head, bytes, start, cut);
            if (left < 0 || !mergeable[left]) {
                continue;
            }
            int right = vocabulary.id(whole - head * powers[end - cut], bytes, cut, end);
            if (right >= 0 && mergeable[right]) {
                table.put(left, right, rank, id);
            }
        }
    }
}
