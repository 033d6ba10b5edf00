package io.karipap.chat;

import io.karipap.chat.format.AnswerForm;
import io.karipap.chat.format.AnswerPart;
import io.karipap.generate.GenerationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Collects the parts of an answer. Not thread-safe. */
final class AnswerBuilder {
    private final AnswerForm form;
    private final Consumer<String> onText;
    private final SplittableRandom random = new SplittableRandom();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();

    AnswerBuilder(AnswerForm form, Consumer<String> onText) {
        this.form = form;
        this.onText = onText;
    }

    void add(AnswerPart part) {
        switch (part) {
            case AnswerPart.Content(String more) -> {
                text.append(more);
                onText.accept(more);
            }
            case AnswerPart.Reasoning(String more) -> reasoning.append(more);
            case AnswerPart.CallStart(String name) -> calls.add(new ToolCall(form.newCallId(random), name, ""));
            case AnswerPart.CallArguments(String json) -> {
                ToolCall call = calls.removeLast();
                calls.add(new ToolCall(call.id(), call.name(), call.arguments() + json));
            }
        }
    }

    ChatAnswer build(GenerationEvent.Finished end) {
        return new ChatAnswer(
                text.toString(), reasoning.toString(), calls, end.reason(), end.promptTokens(), end.completionTokens());
    }
}
