package io.karipap.tokenizer;

import io.karipap.tokenizer.format.SplitPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Reads the {@code pre_tokenizer} of a tokenizer.json. */
final class HuggingFacePreTokenizers {
    private final List<PreTokenizer> stages = new ArrayList<>();
    private boolean endsInBytes;
    private boolean needsOrigins;

    private HuggingFacePreTokenizers() {}

    /**
     * @param preTokenizer the stages
     * @param endsInBytes whether the last stage spells bytes, which is left to the model ({@link SymbolSource.Bytes})
     * @param needsOrigins whether a stage asks where a piece stands
     */
    record Result(PreTokenizer preTokenizer, boolean endsInBytes, boolean needsOrigins) {}

    static Result read(JsonNode node) {
        HuggingFacePreTokenizers reader = new HuggingFacePreTokenizers();
        if (!node.isMissingNode() && !node.isNull()) {
            reader.add(node);
        }
        if (reader.endsInBytes) {
            reader.stages.removeLast();
        }
        PreTokenizer preTokenizer =
                switch (reader.stages.size()) {
                    case 0 -> new PreTokenizer.Whole();
                    case 1 -> reader.stages.getFirst();
                    default -> new PreTokenizer.Sequence(List.copyOf(reader.stages));
                };
        return new Result(preTokenizer, reader.endsInBytes, reader.needsOrigins);
    }

    private void add(JsonNode node) {
        String type = node.path("type").asString("");
        if (!type.equals("Sequence")) {
            endsInBytes = false;
        }
        switch (type) {
            case "Sequence" -> {
                for (JsonNode stage : node.path("pretokenizers")) {
                    add(stage);
                }
            }
            case "ByteLevel" -> {
                if (node.path("add_prefix_space").asBoolean(true)) {
                    stages.add(new PreTokenizer.PrefixSpace());
                }
                if (node.path("use_regex").asBoolean(true)) {
                    stages.add(new PreTokenizer.Scanned(new Gpt2Scanner()));
                }
                stages.add(new PreTokenizer.ByteSpelling());
                endsInBytes = true;
            }
            case "Split" -> stages.add(split(node));
            case "Digits" ->
                stages.add(new PreTokenizer.SplitOn(
                        codePoint -> CharClass.ofCodePoint(codePoint) == CharClass.NUMBER,
                        node.path("individual_digits").asBoolean(false)
                                ? SplitBehavior.ISOLATED
                                : SplitBehavior.CONTIGUOUS));
            case "Punctuation" ->
                stages.add(new PreTokenizer.SplitOn(
                        HuggingFacePreTokenizers::isPunctuation,
                        SplitBehavior.of(node.path("behavior").asString("Isolated"))));
            case "Whitespace" ->
                stages.add(new PreTokenizer.Split(new BoundedRegex("\\w+|[^\\w\\s]+"), SplitBehavior.REMOVED, true));
            case "WhitespaceSplit" ->
                stages.add(new PreTokenizer.SplitOn(CharClass::isWhiteSpace, SplitBehavior.REMOVED));
            case "BertPreTokenizer" -> stages.addAll(bert());
            case "Metaspace" -> stages.add(metaspace(node));
            default -> throw new TokenizerException("pre_tokenizer type \"" + type + "\" is not supported");
        }
    }

    /** Words and single punctuation characters. */
    static List<PreTokenizer> bert() {
        return List.of(
                new PreTokenizer.SplitOn(CharClass::isWhiteSpace, SplitBehavior.REMOVED),
                new PreTokenizer.SplitOn(HuggingFacePreTokenizers::isPunctuation, SplitBehavior.ISOLATED));
    }

    private static PreTokenizer split(JsonNode node) {
        SplitBehavior behavior = SplitBehavior.of(node.path("behavior").asString(""));
        boolean invert = node.path("invert").asBoolean(false);
        JsonNode pattern = node.path("pattern");
        if (pattern.path("Regex").isString()) {
            return regex(pattern.path("Regex").stringValue(), behavior, invert);
        }
        String literal = pattern.path("String").asString("");
        if (literal.isEmpty()) {
            throw new TokenizerException("pre_tokenizer Split has no pattern: " + node);
        }
        return new PreTokenizer.Split(new BoundedRegex(java.util.regex.Pattern.quote(literal)), behavior, invert);
    }

    /**
     * The stages of {@link SplitPatterns#named}, every match being a piece of its own.
     *
     * @throws TokenizerException if no patterns are known under that name
     */
    static PreTokenizer named(String name) {
        List<PreTokenizer> named = SplitPatterns.named(name).stream()
                .map(pattern -> regex(pattern, SplitBehavior.ISOLATED, false))
                .toList();
        if (named.isEmpty()) {
            throw new TokenizerException("pre-tokenizer \"" + name + "\" is not supported");
        }
        return named.size() == 1 ? named.getFirst() : new PreTokenizer.Sequence(named);
    }

    /** The scanner that is written for {@code expression}, or else a regular expression. */
    static PreTokenizer regex(String expression, SplitBehavior behavior, boolean invert) {
        // The scanners match every character, so that all behaviours that keep matches apart give the same pieces.
        boolean keepsMatches =
                behavior == SplitBehavior.ISOLATED && !invert || behavior == SplitBehavior.REMOVED && invert;
        if (keepsMatches) {
            switch (expression) {
                case SplitPatterns.GPT2 -> {
                    return new PreTokenizer.Scanned(new Gpt2Scanner());
                }
                case SplitPatterns.THREE_DIGITS -> {
                    return new PreTokenizer.Scanned(new Cl100kScanner(3));
                }
                case SplitPatterns.ONE_DIGIT -> {
                    return new PreTokenizer.Scanned(new Cl100kScanner(1));
                }
                case SplitPatterns.O200K -> {
                    return new PreTokenizer.Scanned(new O200kScanner(3, true));
                }
                case SplitPatterns.TEKKEN -> {
                    return new PreTokenizer.Scanned(new O200kScanner(1, false));
                }
                default -> {
                    // no scanner written for it
                }
            }
        }
        return new PreTokenizer.Split(new BoundedRegex(expression), behavior, invert);
    }

    private PreTokenizer metaspace(JsonNode node) {
        String replacement = node.path("replacement").asString("▁");
        if (replacement.length() != 1) {
            throw new TokenizerException("pre_tokenizer Metaspace has a replacement of more than one character");
        }
        String scheme = node.path("prepend_scheme")
                .asString(node.path("add_prefix_space").asBoolean(true) ? "always" : "never");
        PreTokenizer.Metaspace.Prepend prepend;
        try {
            prepend = PreTokenizer.Metaspace.Prepend.valueOf(scheme.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new TokenizerException(
                    "pre_tokenizer Metaspace has the unknown prepend_scheme \"" + scheme + "\"", e);
        }
        needsOrigins |= prepend == PreTokenizer.Metaspace.Prepend.FIRST;
        return new PreTokenizer.Metaspace(
                replacement.charAt(0), prepend, node.path("split").asBoolean(true));
    }

    /** ASCII punctuation and symbols, and Unicode category P. */
    static boolean isPunctuation(int codePoint) {
        if (codePoint < 128) {
            return codePoint > ' ' && codePoint < 127 && !Character.isLetterOrDigit(codePoint);
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
