package io.karipap.tokenizer;

/** What happens to the matches of a splitting pattern, as in Hugging Face's {@code SplitDelimiterBehavior}. */
enum SplitBehavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS;

    /**
     * @param name Hugging Face's spelling, such as {@code MergedWithPrevious}
     * @throws TokenizerException if there is no such behaviour
     */
    static SplitBehavior of(String name) {
        return switch (name) {
            case "Removed" -> REMOVED;
            case "Isolated" -> ISOLATED;
            case "MergedWithPrevious" -> MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> MERGED_WITH_NEXT;
            case "Contiguous" -> CONTIGUOUS;
            default -> throw new TokenizerException("split behaviour \"" + name + "\" is not supported");
        };
    }
}
