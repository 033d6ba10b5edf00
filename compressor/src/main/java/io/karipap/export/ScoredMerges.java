package io.karipap.export;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;

/**
 * The merges of pieces whose scores say which comes first: of every piece, all pairs of pieces that make it, better scores first, as
 * SentencePiece merges and Hugging Face's converter lists them.
 */
final class ScoredMerges {
    private final List<String> tokens;
    private final double[] scores;
    private final Map<String, Integer> mergeable = new HashMap<>();

    ScoredMerges(List<String> tokens, double[] scores, int[] types) {
        this.tokens = tokens;
        this.scores = scores;
        for (int id = 0; id < types.length; id++) {
            if (types[id] == GgufTokenizer.NORMAL) {
                mergeable.put(tokens.get(id), id);
            }
        }
    }

    void put(ArrayNode merges) {
        Comparator<Integer> byScore = Comparator.comparingDouble(id -> -scores[id]);
        List<Integer> ordered = IntStream.range(0, tokens.size())
                .boxed()
                .filter(id -> mergeable.containsKey(tokens.get(id)))
                .sorted(byScore.thenComparingInt(id -> id))
                .toList();
        for (int id : ordered) {
            String token = tokens.get(id);
            for (int cut = 1; cut < token.length(); cut++) {
                String left = token.substring(0, cut);
                String right = token.substring(cut);
                if (mergeable.containsKey(left) && mergeable.containsKey(right)) {
                    merges.addArray().add(left).add(right);
                }
            }
        }
    }
}
