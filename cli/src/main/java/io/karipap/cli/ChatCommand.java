package io.karipap.cli;

import io.karipap.cli.option.ChatTemplateOption;
import io.karipap.cli.option.ModelOption;
import io.karipap.cli.option.SamplingOption;
import io.karipap.generate.ContextLengthException;
import io.karipap.generate.LanguageModel;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Talks with a model. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Talks with a model that was made for conversations, by its own template. A line is a message; the answer comes as",
            "it is written. /reset forgets the conversation, /exit or the end of the input ends."
        },
        footer = {
            "",
            "Examples:",
            "  karipap chat --model SmolLM2-135M-Instruct.Q4_1.gguf",
            "  echo \"What is the capital of France?\" | karipap chat --model HuggingFaceTB/SmolLM2-135M-Instruct --temperature 0"
        })
final class ChatCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told first.")
    private String system;

    @Mixin
    private ChatTemplateOption chatTemplate;

    @Mixin
    private SamplingOption sampling;

    @Override
    public Integer call() throws Exception {
        sampling.check();
        ChatTemplate template = chatTemplate.require(model);
        try (LanguageModel languageModel = model.load()) {
            talk(new Conversation(languageModel, template, sampling, system));
        }
        return 0;
    }

    private static void talk(Conversation conversation) throws IOException {
        boolean terminal = System.console() != null && System.console().isTerminal();
        PrintStream out = System.out;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (true) {
            if (terminal) {
                out.print("> ");
                out.flush();
            }
            String line = in.readLine();
            if (line == null || line.strip().equals("/exit")) {
                return;
            }
            if (line.strip().equals("/reset")) {
                conversation.reset();
            } else if (!line.isBlank()) {
                answer(conversation, line, out);
            }
        }
    }

    private static void answer(Conversation conversation, String question, PrintStream out) {
        try {
            Conversation.Answer answer = conversation.ask(question, piece -> {
                out.print(piece);
                out.flush();
            });
            out.println();
            System.err.println("[" + answer.describe() + "]");
        } catch (ContextLengthException | ChatTemplateException e) {
            System.err.println("karipap: " + e.getMessage() + "; /reset begins a new conversation");
        }
    }
}
