package io.karipap.train;

import io.karipap.json.Json;
import io.karipap.model.Progress;
import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Learns a byte-level BPE vocabulary (Sennrich, Haddow and Birch, arXiv 1508.07909; bytes as in GPT-2): beginning with the 256 bytes, the
 * most frequent pair of neighbours within a word becomes a token, again and again. Of pairs equally frequent the one of older tokens comes
 * first.
 */
public final class BytePairTraining {
    /** GPT-2's words. */
    private static final Pattern WORD = Pattern.compile(
            "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private final List<Word> words = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(
            Comparator.comparingLong((Candidate c) -> -c.count()).thenComparingLong(Candidate::key));

    private BytePairTraining(Map<String, Long> counts) {
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteLevelAlphabet.charOf(b)));
        }
        counts.forEach((word, count) -> words.add(new Word(word, count)));
        words.forEach(word -> word.count(pairs));
        pairs.forEach((key, pair) -> queue.add(new Candidate(key, pair.count)));
    }

    /** A word as tokens, and how often it occurs. */
    private static final class Word {
        private int[] ids;
        private final long count;

        Word(String text, long count) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            this.ids = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                ids[i] = bytes[i] & 0xff;
            }
            this.count = count;
        }

        void count(Map<Long, Pair> pairs) {
            for (int i = 0; i + 1 < ids.length; i++) {
                Pair pair = pairs.computeIfAbsent(key(ids[i], ids[i + 1]), _ -> new Pair());
                pair.count += count;
                pair.words.add(this);
            }
        }

        void merge(int left, int right, int merged) {
            int[] shorter = new int[ids.length];
            int n = 0;
            for (int i = 0; i < ids.length; i++) {
                boolean found = i + 1 < ids.length && ids[i] == left && ids[i + 1] == right;
                shorter[n++] = found ? merged : ids[i];
                i += found ? 1 : 0;
            }
            ids = Arrays.copyOf(shorter, n);
        }
    }

    /** Two neighbours: how often, and in which words they may be. */
    private static final class Pair {
        private long count;
        private final Set<Word> words = new HashSet<>();
    }

    private record Candidate(long key, long count) {}

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    /** How often every word occurs in a text; special tokens in it are no words. */
    public static void count(String text, List<String> special, Map<String, Long> counts) {
        String separators = special.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        for (String part : special.isEmpty() ? new String[] {text} : text.split(separators)) {
            Matcher matcher = WORD.matcher(part);
            while (matcher.find()) {
                counts.merge(matcher.group(), 1L, Long::sum);
            }
        }
    }

    /**
     * Learns a vocabulary.
     *
     * @param counts words of the text, see {@link #count}
     * @param size tokens in all, at least the 256 bytes and the special ones
     * @param special tokens that stand for no text; they get the last ids
     * @return a {@code tokenizer.json} as Hugging Face's tokenizers read it
     * @throws IllegalArgumentException if the size is too small, or the text has too few pairs for it
     */
    public static byte[] train(Map<String, Long> counts, int size, List<String> special, Progress progress) {
        int wanted = size - 256 - special.size();
        if (wanted < 0) {
            throw new IllegalArgumentException("a vocabulary of " + size + " tokens has no room for 256 bytes and "
                    + special.size() + " special tokens");
        }
        BytePairTraining training = new BytePairTraining(counts);
        for (int i = 0; i < wanted; i++) {
            if (!training.merge()) {
                throw new IllegalArgumentException("the text has words for a vocabulary of "
                        + (training.tokens.size() + special.size()) + " tokens, not of " + size);
            }
            progress.report("learn vocabulary", i + 1, wanted);
        }
        return training.json(special);
    }

    /** Makes the most frequent pair a token; false if there is none. */
    private boolean merge() {
        while (!queue.isEmpty()) {
            Candidate candidate = queue.poll();
            Pair pair = pairs.get(candidate.key());
            if (pair == null || pair.count != candidate.count() || pair.count <= 0) {
                continue; // its count has changed since, and it is in the queue again
            }
            merge(candidate.key(), pair);
            return true;
        }
        return false;
    }

    private void merge(long key, Pair pair) {
        int left = (int) (key >>> 32);
        int right = (int) key;
        int merged = tokens.size();
        tokens.add(tokens.get(left) + tokens.get(right));
        merges.add(tokens.get(left) + " " + tokens.get(right));
        Set<Long> changed = new HashSet<>();
        for (Word word : pair.words) {
            for (int i = 0; i + 1 < word.ids.length; i++) {
                long neighbours = key(word.ids[i], word.ids[i + 1]);
                pairs.get(neighbours).count -= word.count;
                changed.add(neighbours);
            }
            word.merge(left, right, merged);
            word.count(pairs);
            for (int i = 0; i + 1 < word.ids.length; i++) {
                changed.add(key(word.ids[i], word.ids[i + 1]));
            }
        }
        pairs.remove(key);
        for (long other : changed) {
            if (other != key && pairs.get(other).count > 0) {
                queue.add(new Candidate(other, pairs.get(other).count));
            }
        }
    }

    private byte[] json(List<String> special) {
        ObjectNode root = Json.object().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model = Json.object().put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (String token : tokens) {
            vocabulary.put(token, vocabulary.size());
        }
        for (String token : special) {
            added.addObject()
                    .put("id", vocabulary.size())
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
            vocabulary.put(token, vocabulary.size());
        }
        ArrayNode list = model.putArray("merges");
        merges.forEach(list::add);
        root.putNull("normalizer");
        for (String part : List.of("pre_tokenizer", "post_processor", "decoder")) {
            root.putObject(part)
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", false)
                    .put("trim_offsets", true)
                    .put("use_regex", true);
        }
        root.set("model", model);
        return Json.bytes(root);
    }
}
