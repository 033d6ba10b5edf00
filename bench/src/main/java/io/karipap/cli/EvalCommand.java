package io.karipap.cli;

import io.karipap.evaluate.MinimalPairs;
import io.karipap.generate.LanguageModel;
import io.karipap.model.Perplexity;
import io.karipap.tokenizer.EncodeOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
            "Measures how well a model predicts a text, or knows grammatical sentences from others, and prints JSON:",
            "nats per token, perplexity, bits per byte, tokens predicted; accuracy by paradigm.",
            "Line ends are read as \\n and a byte order mark is skipped; special tokens in the text are parsed."
        },
        footer = {
            "",
            "Examples:",
            "  karipap eval --model compressor/models/tales --text story.txt",
            "  karipap eval --model compressor/models/tales --pairs-folder blimp --pairs 100"
        })
final class EvalCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @ArgGroup(multiplicity = "1")
    private What what;

    private static final class What {
        @Option(names = "--text", paramLabel = "FILE", description = "UTF-8 text.")
        private Path text;

        @Option(
                names = "--pairs-folder",
                paramLabel = "DIR",
                description = {
                    "Minimal pairs (BLiMP): JSON lines with sentence_good and sentence_bad, one file a paradigm."
                })
        private Path pairs;
    }

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Pairs used of every paradigm, drawn with a fixed seed. Default: ${DEFAULT-VALUE}.")
    private int pairsPerParadigm;

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
        if (what.pairs != null) {
            try (LanguageModel languageModel = model.load();
                    ProgressDisplay progress = new ProgressDisplay()) {
                System.out.println(pairs(
                        languageModel,
                        MinimalPairs.measure(
                                languageModel.llama(),
                                languageModel.tokenizer(),
                                languageModel.startToken(),
                                what.pairs,
                                pairsPerParadigm,
                                progress)));
            }
            return 0;
        }
        String content = TextFile.read(what.text);
        try (LanguageModel languageModel = model.load()) {
            int[] ids = languageModel.tokenizer().encode(content, EncodeOptions.PARSED);
            System.out.println(toJson(languageModel, ids, measure(languageModel, ids)));
        }
        return 0;
    }

    private static String pairs(LanguageModel languageModel, MinimalPairs result) {
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode json = mapper.createObjectNode();
        json.put("model", languageModel.name());
        json.put("pairs", result.right().size());
        json.put("accuracy", result.accuracy());
        ObjectNode paradigms = json.putObject("paradigms");
        result.accuracies().forEach(paradigms::put);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json);
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
        json.put("text", what.text.getFileName().toString());
        json.put("nats_per_token", result.natsPerToken());
        json.put("perplexity", result.perplexity());
        json.put("bits_per_byte", result.nats() / Math.log(2) / bytes);
        json.put("tokens", result.tokens());
        json.put("window", window);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }
}
