package io.karipap.cli;

import io.karipap.chat.format.AnswerForm;
import io.karipap.cli.option.ChatTemplateOption;
import io.karipap.cli.option.JsonFile;
import io.karipap.cli.option.ModelLocation;
import io.karipap.json.Json;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.PromptEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a model is given. */
@Command(
        name = "template",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Prints the prompt that a chat template makes of messages, exactly as it goes into the model: what serve and chat",
            "would give it. The weights are not loaded."
        },
        footer = {
            "",
            "Messages are a JSON array, as in a request to /v1/chat/completions:",
            "  [{\"role\": \"system\", \"content\": \"Be brief.\"}, {\"role\": \"user\", \"content\": \"Hello\"}]",
            "and tools as there: [{\"type\": \"function\", \"function\": {\"name\": …, \"parameters\": {…}}}].",
            "",
            "Examples:",
            "  echo '[{\"role\": \"user\", \"content\": \"Hello\"}]' |",
            "      karipap template --model Qwen/Qwen3-0.6B --messages - --add-generation-prompt --kwargs '{\"enable_thinking\": false}'",
            "  karipap template --model model.gguf --messages chat.json --tools tools.json --tokens",
            "",
            "With --tokens every line is a token: its id, and its text in quotes; a special token by its name, without quotes."
        })
final class TemplateCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = ModelLocation.LABEL,
            required = true,
            description = "A model with a tokenizer: directory, GGUF file, or name of one that was pulled.")
    private ModelLocation model;

    @Mixin
    private ChatTemplateOption chatTemplate;

    @Option(
            names = "--messages",
            paramLabel = "FILE",
            required = true,
            description = "JSON array of messages; - for standard input.")
    private JsonFile messages;

    @Option(names = "--tools", paramLabel = "FILE", description = "JSON array of tools.")
    private JsonFile tools;

    @Option(names = "--documents", paramLabel = "FILE", description = "JSON array of documents.")
    private JsonFile documents;

    @Option(
            names = "--kwargs",
            paramLabel = "JSON",
            description = "Variables of the template, as chat_template_kwargs: a JSON object.")
    private String variables;

    @Option(
            names = "--add-generation-prompt",
            description = "Append the beginning of an answer, as is done where an answer is asked for.")
    private boolean addGenerationPrompt;

    @Option(
            names = "--continue-final-message",
            description = "Leave the last message open, so that the model continues it.")
    private boolean continueFinalMessage;

    @Option(names = "--tokens", description = "Print ids and pieces of the tokens instead of the text.")
    private boolean tokens;

    @Override
    public Integer call() throws Exception {
        if (addGenerationPrompt && continueFinalMessage) {
            throw new IllegalArgumentException(
                    "--add-generation-prompt and --continue-final-message exclude each other");
        }
        ChatPrompt prompt = new ChatPrompt(
                messages.objects(),
                objects(tools),
                objects(documents),
                variables == null ? Map.of() : JsonFile.object("--kwargs", variables),
                addGenerationPrompt ? PromptEnd.ANSWER : continueFinalMessage ? PromptEnd.OPEN : PromptEnd.CLOSED);
        ChatTemplate template = chatTemplate.require(model.path());
        Tokenizer tokenizer = Tokenizer.load(model.path());
        ChatPrompt given =
                AnswerForm.of(template, tokenizer, !prompt.tools().isEmpty()).prompt(prompt);
        System.out.print(tokens ? pieces(template, tokenizer, given) : text(template, tokenizer, given));
        if (!tokens && System.console() != null && System.console().isTerminal()) {
            System.out.println();
        }
        return 0;
    }

    private static List<Map<String, Object>> objects(JsonFile file) throws IOException {
        return file == null ? List.of() : file.objects();
    }

    /** The rendered text, and before it the token that begins every text where the template leaves it to the tokenizer. */
    private static String text(ChatTemplate template, Tokenizer tokenizer, ChatPrompt prompt) {
        String text = template.render(prompt);
        String start = tokenizer.startToken().stream()
                .mapToObj(id -> tokenizer.token(id).orElseThrow())
                .findFirst()
                .orElse("");
        return text.startsWith(start) ? text : start + text;
    }

    private static String pieces(ChatTemplate template, Tokenizer tokenizer, ChatPrompt prompt) {
        StringBuilder out = new StringBuilder();
        for (int id : template.encode(tokenizer, prompt)) {
            String piece = tokenizer.isSpecial(id)
                    ? tokenizer.token(id).orElseThrow()
                    : Json.text(new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8));
            out.append(id).append(' ').append(piece).append(System.lineSeparator());
        }
        return out.toString();
    }
}
