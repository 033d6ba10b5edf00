package io.karipap.generate;

import io.karipap.kernels.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Log-probabilities of the tokens of one prompt, where they were asked for: computed step by step, told in order. */
final class PromptScores {
    private final boolean asked;
    private final int promptTokens;
    private final int alternatives;
    private final List<GenerationEvent> untold = new ArrayList<>();
    private int scored;
    /** Row of the logits of this step that belongs to {@link #firstPosition}; −1 where the step has none. */
    private int firstRow = -1;

    private int firstPosition;

    PromptScores(LogprobOptions options, int promptTokens) {
        this.asked = options.prompt();
        this.promptTokens = promptTokens;
        this.alternatives = options.alternatives();
    }

    /** Whether some are still to be computed, for which the prompt must be. */
    boolean pending() {
        return asked && scored < promptTokens;
    }

    /** A step begins to compute at {@code position}. */
    void begin(int position) {
        firstRow = -1;
        firstPosition = position;
    }

    /** Whether the logits after {@code position} are needed. */
    boolean wants(int position) {
        return pending() && position + 1 < promptTokens;
    }

    /** A row of logits that is wanted; rows of a step follow each other. */
    void expect(int row) {
        if (firstRow < 0) {
            firstRow = row;
        }
    }

    /**
     * Takes what the step has computed.
     *
     * @param tokens the sequence, of which {@code computed} positions are computed
     */
    void score(Rows logits, int vocabularySize, int[] tokens, int computed) {
        if (!pending()) {
            return;
        }
        if (scored == 0) {
            untold.add(new GenerationEvent.PromptToken(tokens[0], Optional.empty()));
            scored = 1;
        }
        for (; pending() && scored <= computed; scored++) {
            int row = logits.at(firstRow + scored - 1 - firstPosition);
            int token = tokens[scored];
            untold.add(new GenerationEvent.PromptToken(
                    token, Optional.of(TokenLogprobs.of(logits.data(), row, vocabularySize, token, alternatives))));
        }
    }

    /** Tells what was computed since the last time. */
    void tell(Consumer<GenerationEvent> listener) {
        untold.forEach(listener);
        untold.clear();
    }
}
