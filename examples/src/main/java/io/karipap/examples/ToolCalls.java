package io.karipap.examples;

import io.karipap.chat.Chat;
import io.karipap.chat.ChatAnswer;
import io.karipap.chat.ChatMessage;
import io.karipap.chat.ChatOptions;
import io.karipap.chat.Tool;
import io.karipap.chat.ToolCall;
import io.karipap.chat.ToolChoice;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model calls a function of the program, and answers by a record. Its only argument is a model that was made for conversations; without it
 * the bundled one, which was not, obeys the forms and nothing else.
 */
public final class ToolCalls {
    private static final String STORY = "{% for m in messages %}{{ m.content }}\n{% endfor %}";

    private ToolCalls() {}

    enum Unit {
        CELSIUS,
        FAHRENHEIT
    }

    record Place(Unit unit, int hour) {}

    record Weather(boolean sunny, int degrees) {}

    public static void main(String[] args) throws IOException {
        try (LanguageModel model =
                args.length == 0 ? LanguageModel.bundled(LoadOptions.DEFAULT) : LanguageModel.load(Path.of(args[0]))) {
            Chat chat = args.length == 0 ? Chat.of(model, new ChatTemplate(STORY, Map.of())) : Chat.of(model);
            ChatOptions options = ChatOptions.builder()
                    .tools(List.of(Tool.of("weather", "The weather of an hour of today", Place.class)))
                    .choice(ToolChoice.REQUIRED)
                    .parallelCalls(false)
                    .generation(GenerationOptions.greedy(100))
                    .build();
            ChatMessage question = ChatMessage.user("How warm will it be at noon, in Celsius?");
            ChatAnswer answer = chat.answer(List.of(question), options);
            ToolCall call = answer.calls().getFirst();
            System.out.println(call.name() + " " + call.arguments(Place.class));

            List<ChatMessage> conversation =
                    List.of(question, answer.message(), ChatMessage.result(call, "21 degrees, sun"));
            System.out.println(chat.answer(
                    conversation,
                    Weather.class,
                    ChatOptions.builder()
                            .generation(GenerationOptions.greedy(100))
                            .build()));
        }
    }
}
