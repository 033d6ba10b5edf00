package io.karipap.chat.format;

import java.util.ArrayList;
import java.util.List;

/** Takes an answer apart while it is written: thoughts, text and calls. Neighbours of one kind are joined. Not thread-safe. */
public final class AnswerReader {
    private final ReasoningReader reasoning;
    private final CallReader calls;
    private final HeldText held = new HeldText();
    private boolean afterReasoning;

    /**
     * @param reasoning null where the model does not think
     * @param calls null where it calls no tools
     */
    AnswerReader(ReasoningReader reasoning, CallReader calls) {
        this.reasoning = reasoning;
        this.calls = calls;
    }

    /** What is certain with {@code text}. */
    public List<AnswerPart> read(String text) {
        List<AnswerPart> parts = new ArrayList<>();
        held.append(text);
        if (reasoning != null && !reasoning.over()) {
            reasoning.read(held, part -> add(parts, part));
            afterReasoning = reasoning.over();
        }
        if (reasoning == null || reasoning.over()) {
            answer(parts);
        }
        return parts;
    }

    private void answer(List<AnswerPart> parts) {
        if (afterReasoning) {
            String space = held.takeSpace();
            if (held.isEmpty()) {
                held.append(space);
                return;
            }
            afterReasoning = false;
        }
        if (calls != null) {
            calls.read(held, part -> add(parts, part));
        } else if (!held.isEmpty()) {
            add(parts, new AnswerPart.Content(held.takeAll()));
        }
    }

    /** What was held back, now that no more text comes. */
    public List<AnswerPart> finish() {
        List<AnswerPart> parts = new ArrayList<>();
        if (reasoning != null && !reasoning.over()) {
            reasoning.finish(held, part -> add(parts, part));
        }
        if (calls != null) {
            calls.read(held, part -> add(parts, part));
            calls.finish(held, part -> add(parts, part));
        } else if (!held.isEmpty()) {
            add(parts, new AnswerPart.Content(held.takeAll()));
        }
        return parts;
    }

    /** Joins neighbours of one kind. */
    private static void add(List<AnswerPart> parts, AnswerPart part) {
        AnswerPart last = parts.isEmpty() ? null : parts.getLast();
        AnswerPart joined =
                switch (part) {
                    case AnswerPart.Content(String more)
                    when last instanceof AnswerPart.Content(String text) -> new AnswerPart.Content(text + more);
                    case AnswerPart.Reasoning(String more)
                    when last instanceof AnswerPart.Reasoning(String text) -> new AnswerPart.Reasoning(text + more);
                    case AnswerPart.CallArguments(String more)
                    when last instanceof AnswerPart.CallArguments(String json) ->
                        new AnswerPart.CallArguments(json + more);
                    default -> null;
                };
        if (joined != null) {
            parts.set(parts.size() - 1, joined);
        } else {
            parts.add(part);
        }
    }
}
