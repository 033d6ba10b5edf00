package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.environment.BundledText;
import io.karipap.model.Progress;
import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BytePairTrainingTest {
    private static final List<String> SPECIAL = List.of("<|endoftext|>");

    private static JsonNode train(Map<String, Long> counts, int size) {
        return JsonMapper.shared().readTree(BytePairTraining.train(counts, size, SPECIAL, Progress.NONE));
    }

    /** The algorithm as it is told: count all pairs anew, join the most frequent. */
    private static List<String> reference(Map<String, Long> counts, int merges) {
        Map<List<Integer>, Long> words = new HashMap<>();
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteLevelAlphabet.charOf(b)));
        }
        counts.forEach((word, count) -> {
            List<Integer> ids = new ArrayList<>();
            for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
                ids.add(b & 0xff);
            }
            words.merge(ids, count, Long::sum);
        });
        List<String> result = new ArrayList<>();
        for (int m = 0; m < merges; m++) {
            Map<List<Integer>, Long> pairs = new HashMap<>();
            words.forEach((ids, count) -> {
                for (int i = 0; i + 1 < ids.size(); i++) {
                    pairs.merge(List.of(ids.get(i), ids.get(i + 1)), count, Long::sum);
                }
            });
            List<Integer> best = null;
            for (Map.Entry<List<Integer>, Long> pair : pairs.entrySet()) {
                if (best == null
                        || pair.getValue() > pairs.get(best)
                        || pair.getValue().equals(pairs.get(best))
                                && (pair.getKey().get(0) < best.get(0)
                                        || pair.getKey().get(0).equals(best.get(0))
                                                && pair.getKey().get(1) < best.get(1))) {
                    best = pair.getKey();
                }
            }
            result.add(tokens.get(best.get(0)) + " " + tokens.get(best.get(1)));
            tokens.add(tokens.get(best.get(0)) + tokens.get(best.get(1)));
            Map<List<Integer>, Long> joined = new HashMap<>();
            for (Map.Entry<List<Integer>, Long> word : words.entrySet()) {
                List<Integer> ids = new ArrayList<>();
                for (int i = 0; i < word.getKey().size(); i++) {
                    if (i + 1 < word.getKey().size()
                            && word.getKey().subList(i, i + 2).equals(best)) {
                        ids.add(tokens.size() - 1);
                        i++;
                    } else {
                        ids.add(word.getKey().get(i));
                    }
                }
                joined.put(ids, word.getValue());
            }
            words.clear();
            words.putAll(joined);
        }
        return result;
    }

    @Test
    void mergesAreThoseOfTheReference() {
        Map<String, Long> counts = new HashMap<>();
        BytePairTraining.count(
                BundledText.evaluation().substring(0, 20_000) + " aaaa aaaaa abab ababab", SPECIAL, counts);
        List<String> merges = new ArrayList<>();
        train(counts, 256 + 1 + 300).path("model").path("merges").forEach(merge -> merges.add(merge.asString()));
        assertThat(merges).isEqualTo(reference(counts, 300));
    }

    @Test
    void specialTokensAreNoWords() {
        Map<String, Long> counts = new HashMap<>();
        BytePairTraining.count("once upon<|endoftext|>once", SPECIAL, counts);
        assertThat(counts).isEqualTo(Map.of("once", 2L, " upon", 1L));
        JsonNode json = train(counts, 262);
        assertThat(json.path("model").path("vocab").path("<|endoftext|>").asInt())
                .isEqualTo(261);
        assertThat(json.path("added_tokens").path(0).path("id").asInt()).isEqualTo(261);
    }

    @Test
    void aTextMayHaveTooFewWords() {
        assertThatThrownBy(() -> train(Map.of("ab", 1L), 300)).hasMessageContaining("a vocabulary of 258 tokens");
        assertThatThrownBy(() -> train(Map.of("ab", 1L), 256)).hasMessageContaining("no room");
    }
}
