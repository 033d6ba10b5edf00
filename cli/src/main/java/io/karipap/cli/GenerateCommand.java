package io.karipap.cli;

import io.karipap.cli.option.ChatTemplateOption;
import io.karipap.cli.option.FormOption;
import io.karipap.cli.option.ModelOption;
import io.karipap.cli.option.SamplingOption;
import io.karipap.generate.FinishReason;
import io.karipap.generate.GenerationEvent;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.TextStream;
import io.karipap.grammar.Grammar;
import io.karipap.tokenizer.FillInMiddle;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Continues a text. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Continues a text, or answers a message, and prints it as it comes.",
        footer = {
            "",
            "Examples:",
            "  karipap generate --model Qwen2.5-Coder-0.5B.gguf --prompt \"def add(a, b):\" --suffix \"print(add(1, 2))\"",
            "  karipap generate --model SmolLM2-135M-Instruct.Q4_1.gguf --chat --prompt \"What is the capital of France?\"",
            "  karipap generate --prompt \"The hero: \" --schema hero.json",
            "  karipap generate --prompt \"Once upon a time\" --max-tokens 100 --temperature 0.8 --seed 7"
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "What to continue.")
    private String prompt;

    @Option(
            names = "--suffix",
            paramLabel = "TEXT",
            description =
                    "What comes after it: the model fills in what stands between prompt and suffix, if it was trained to.")
    private String suffix;

    @Option(
            names = "--chat",
            description = "The prompt is a message, and what is printed is the answer, by the model's chat template.")
    private boolean chat;

    @Option(names = "--system", paramLabel = "TEXT", description = "With --chat: what the model is told first.")
    private String system;

    @Mixin
    private ChatTemplateOption chatTemplate;

    @Mixin
    private SamplingOption sampling;

    @Mixin
    private FormOption form;

    @Option(names = "--stats", description = "Print tokens, time and tokens/s to standard error at the end.")
    private boolean stats;

    @Override
    public Integer call() throws Exception {
        sampling.check();
        if (chat && suffix != null) {
            throw new IllegalArgumentException("--suffix does not go with --chat");
        }
        Optional<Grammar> wanted = form.form();
        if (chat) {
            return answer(wanted);
        }
        if (system != null) {
            throw new IllegalArgumentException("--system belongs to --chat");
        }
        PrintStream out = System.out;
        try (LanguageModel languageModel = model.load()) {
            Optional<FillInMiddle> fill = suffix == null ? Optional.empty() : Optional.of(fillInMiddle(languageModel));
            GenerationOptions.Builder options = sampling
                    .options(
                            languageModel.defaults(),
                            GenerationOptions.DEFAULT_MAX_TOKENS,
                            fill.map(FillInMiddle::ends).orElse(Set.of()))
                    .toBuilder();
            wanted.ifPresent(options::grammar);
            int[] ids =
                    fill.map(each -> each.encode(prompt, suffix)).orElseGet(() -> languageModel.encodePrompt(prompt));
            long start = System.nanoTime();
            try (TextStream stream = languageModel.generate(ids, options.build())) {
                for (String piece : stream) {
                    out.print(piece);
                    out.flush();
                }
                out.println();
                if (stats) {
                    System.err.println(described(stream.end(), (System.nanoTime() - start) / 1e9));
                }
            }
        }
        return 0;
    }

    private static FillInMiddle fillInMiddle(LanguageModel model) {
        return model.tokenizer()
                .fillInMiddle()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--suffix needs a model with fill-in-the-middle tokens, which this one has not"));
    }

    private static String described(GenerationEvent.Finished end, double seconds) {
        return String.format(
                Locale.ROOT,
                "%d prompt tokens, %d tokens in %.2f s, %.1f tokens/s, ended by %s",
                end.promptTokens(),
                end.completionTokens(),
                seconds,
                end.completionTokens() / seconds,
                end.reason() == FinishReason.STOP ? "the model" : "the limit");
    }

    private int answer(Optional<Grammar> wanted) throws IOException {
        ChatTemplate template = chatTemplate.require(model);
        PrintStream out = System.out;
        try (LanguageModel languageModel = model.load()) {
            Conversation.Answer answer = new Conversation(languageModel, template, sampling, system)
                    .form(wanted)
                    .ask(prompt, piece -> {
                        out.print(piece);
                        out.flush();
                    });
            out.println();
            if (stats) {
                System.err.println(answer.describe());
            }
        }
        return 0;
    }
}
