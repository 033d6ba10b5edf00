package io.karipap.cli.option;

import io.karipap.generate.GenerationDefaults;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a text is drawn. What is not given is as the model's authors would have it, else as help says. */
public final class SamplingOption {
    private static final double DEFAULT_TEMPERATURE = 0.8;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens to generate. Default: the model's, else " + GenerationOptions.DEFAULT_MAX_TOKENS
                    + " of a text, and of an answer what the context holds.")
    private Integer maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 takes the most probable token, higher is bolder. Default: the model's, else "
                    + DEFAULT_TEMPERATURE + ".")
    private Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Only the K most probable tokens; 0 for all. Default: the model's, else 0.")
    private Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description =
                    "Only the most probable tokens that together reach probability P. Default: the model's, else 1.")
    private Double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description =
                    "Only tokens at least P times as probable as the most probable one. Default: the model's, else 0.")
    private Double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            description = "Makes tokens that have occurred rarer, above 1. Default: the model's, else 1.")
    private Double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same text. Default: a new one each time.")
    private Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End at this text; may be given several times.")
    private List<String> stop = List.of();

    @Mixin
    private GenerationConfigOption generationConfig;

    /** @throws IllegalArgumentException if a value is out of range */
    public void check() {
        options(GenerationDefaults.NONE, 0, Set.of());
    }

    /**
     * What was asked for.
     *
     * @param model what the model's authors say; left aside where the user says so
     * @param otherMaxTokens where neither says how many
     * @param ends tokens that end the text besides the model's own
     */
    public GenerationOptions options(GenerationDefaults model, int otherMaxTokens, Set<Integer> ends) {
        GenerationDefaults defaults = generationConfig.of(model);
        SamplingOptions.Builder sampling = defaults.sampling();
        sampling.temperature(
                temperature != null ? temperature : defaults.temperature().orElse(DEFAULT_TEMPERATURE));
        if (topK != null) {
            sampling.topK(topK);
        }
        if (topP != null) {
            sampling.topP(topP);
        }
        if (minP != null) {
            sampling.minP(minP);
        }
        if (repetitionPenalty != null) {
            sampling.repetitionPenalty(repetitionPenalty);
        }
        return GenerationOptions.builder()
                .maxTokens(maxTokens != null ? maxTokens : defaults.maxTokens().orElse(otherMaxTokens))
                .sampling(sampling.seed(seed != null ? seed : System.nanoTime()).build())
                .stop(StopOptions.builder().texts(stop).tokens(ends).build())
                .build();
    }
}
