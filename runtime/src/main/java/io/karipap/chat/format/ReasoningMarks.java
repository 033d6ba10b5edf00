package io.karipap.chat.format;

import java.util.List;
import java.util.Optional;

/**
 * What stands around a model's thoughts.
 *
 * @param open before them
 * @param close behind them
 */
public record ReasoningMarks(String open, String close) {
    private static final List<ReasoningMarks> KNOWN =
            List.of(new ReasoningMarks("<think>", "</think>"), new ReasoningMarks("[THINK]", "[/THINK]"));

    /** Those that a template knows; none for a model that was not taught to think. */
    static Optional<ReasoningMarks> of(String template) {
        return KNOWN.stream().filter(marks -> template.contains(marks.close())).findFirst();
    }

    /** Whether a prompt ends within thoughts: the template has begun them for the model. */
    boolean opened(String prompt) {
        return prompt.stripTrailing().endsWith(open);
    }

    /** Whether a prompt ends behind thoughts: the model is asked not to think. */
    boolean closed(String prompt) {
        return prompt.stripTrailing().endsWith(close);
    }
}
