package io.karipap.cli;

import io.karipap.generate.LanguageModel;
import io.karipap.model.Perplexity;
import io.karipap.tokenizer.EncodeOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Measures how well a model predicts a text. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how well a model predicts a text and prints JSON:",
            "nats per token, perplexity, bits per byte, tokens predicted.",
            "Line ends are read as \\n and a byte order mark is skipped; special tokens in the text are parsed."
        },
        footer = {"", "Example: karipap eval --model compressor/models/tales --text story.txt"})
final class EvalCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(names = "--text", paramLabel = "FILE", required = true, description = "UTF-8 text.")
    private Path text;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens in a window; each starts with an empty context. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Stop after so many tokens. Default: the whole text.")
    private Long maxTokens;

    @Override
    public Integer call() throws Exception {
        if (window < 1) {
            throw new IllegalArgumentException("--window is " + window + ", expected at least 1");
        }
        String content = TextFile.read(text);
        try (LanguageModel languageModel = model.load()) {
            int[] ids = languageModel.tokenizer().encode(content, EncodeOptions.PARSED);
            System.out.println(toJson(languageModel, ids, measure(languageModel, ids)));
        }
        return 0;
    }

    private Perplexity measure(LanguageModel languageModel, int[] ids) {
        long limit = maxTokens == null ? Long.MAX_VALUE : maxTokens;
        long total = Math.min(limit, ids.length - 1L);
        try (ProgressDisplay progress = new ProgressDisplay()) {
            return Perplexity.measure(
                    languageModel.llama(),
                    ids,
                    window,
                    limit,
                    done -> progress.report("evaluate", Math.min(done, total), total));
        }
    }

    private String toJson(LanguageModel languageModel, int[] ids, Perplexity result) {
        long bytes = 0;
        for (int i = 1; i <= result.tokens(); i++) {
            bytes += languageModel.tokenizer().tokenBytes(ids[i]).length;
        }
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode json = mapper.createObjectNode();
        json.put("model", languageModel.name());
        json.put("text", text.getFileName().toString());
        json.put("nats_per_token", result.natsPerToken());
        json.put("perplexity", result.perplexity());
        json.put("bits_per_byte", result.nats() / Math.log(2) / bytes);
        json.put("tokens", result.tokens());
        json.put("window", window);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }
}
