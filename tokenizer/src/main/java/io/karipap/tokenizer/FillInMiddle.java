package io.karipap.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a model of code is asked for the text between two others: its special tokens, in the order that it was trained on (Bavarian et al.,
 * "Efficient Training of Language Models to Fill in the Middle", 2022). Immutable.
 *
 * @since 0.1
 */
public final class FillInMiddle {
    /** Spellings before a prefix, a suffix and the middle; without the third the suffix comes first. */
    private static final List<List<String>> SPELLINGS = List.of(
            List.of("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"), // Qwen, CodeGemma
            List.of("<fim_prefix>", "<fim_suffix>", "<fim_middle>"), // StarCoder, Granite
            List.of("<fim-prefix>", "<fim-suffix>", "<fim-middle>"), // SantaCoder
            List.of("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"), // DeepSeek
            List.of("▁<PRE>", "▁<SUF>", "▁<MID>"), // CodeLlama
            List.of("<PRE>", "<SUF>", "<MID>"),
            List.of("[PREFIX]", "[SUFFIX]")); // Codestral

    /** With what models end such a text, besides what ends all their texts. */
    private static final List<String> ENDS = List.of(
            "<|endoftext|>",
            "<|end_of_text|>",
            "<|fim_pad|>",
            "<fim_pad>",
            "<|repo_name|>",
            "<reponame>",
            "<|file_sep|>",
            "<file_sep>",
            "<|file_separator|>",
            "▁<EOT>",
            "<EOT>",
            "<|EOT|>");

    /** Some vocabularies put a space before a text; behind this character they do not. */
    private static final String ANY = "☺";

    private final Tokenizer tokenizer;
    private final int prefix;
    private final int suffix;
    private final OptionalInt middle;
    private final Set<Integer> ends;

    private FillInMiddle(Tokenizer tokenizer, int prefix, int suffix, OptionalInt middle) {
        this.tokenizer = tokenizer;
        this.prefix = prefix;
        this.suffix = suffix;
        this.middle = middle;
        IntStream own = IntStream.concat(IntStream.of(prefix, suffix), middle.stream());
        IntStream others = ENDS.stream().flatMapToInt(spelling -> tokenizer.id(spelling).stream());
        this.ends = IntStream.concat(own, others).boxed().collect(Collectors.toUnmodifiableSet());
    }

    /** @param named what the vocabulary's file calls the three tokens, if it does */
    static Optional<FillInMiddle> of(Tokenizer tokenizer, Optional<int[]> named) {
        IntPredicate exists = id -> tokenizer.token(id).isPresent();
        if (named.isPresent() && Arrays.stream(named.get()).allMatch(exists)) {
            int[] ids = named.get();
            return Optional.of(new FillInMiddle(tokenizer, ids[0], ids[1], OptionalInt.of(ids[2])));
        }
        for (List<String> spellings : SPELLINGS) {
            int[] ids = spellings.stream()
                    .flatMapToInt(spelling -> tokenizer.id(spelling).stream())
                    .toArray();
            if (ids.length == spellings.size()) {
                OptionalInt third = ids.length == 3 ? OptionalInt.of(ids[2]) : OptionalInt.empty();
                return Optional.of(new FillInMiddle(tokenizer, ids[0], ids[1], third));
            }
        }
        return Optional.empty();
    }

    /** The prompt for the text between {@code before} and {@code after}; special tokens in them are plain text. */
    public int[] encode(String before, String after) {
        IntStream first = IntStream.concat(IntStream.of(prefix), Arrays.stream(inner(before)));
        IntStream second = IntStream.concat(IntStream.of(suffix), Arrays.stream(inner(after)));
        IntStream all = middle.isPresent()
                ? IntStream.concat(IntStream.concat(first, second), middle.stream())
                : IntStream.concat(second, first);
        return tokenizer.withStart(all.toArray());
    }

    /** Ids of a text that stands within another. */
    private int[] inner(String text) {
        String word =
                tokenizer.streamingDecoder(false).continuing().next(tokenizer.encode("x")[0]);
        if (!word.startsWith(" ")) {
            return tokenizer.encode(text);
        }
        int[] before = tokenizer.encode(ANY);
        int[] both = tokenizer.encode(ANY + text);
        boolean apart = Arrays.mismatch(before, both) < 0 || Arrays.mismatch(before, both) == before.length;
        return apart ? Arrays.copyOfRange(both, before.length, both.length) : tokenizer.encode(text);
    }

    /** Tokens with which the model ends the text, besides those that end all its texts. */
    public Set<Integer> ends() {
        return ends;
    }
}
