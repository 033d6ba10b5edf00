package io.karipap.server;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LogprobOptions;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import io.karipap.server.TextRequest.Prompt;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.FillInMiddle;
import io.karipap.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /v1/completions}. */
final class CompletionRequest {
    private static final int DEFAULT_MAX_TOKENS = 16;
    private static final int MAX_TOKENS = 1 << 24;
    private static final int MAX_LOGPROBS = 20;
    private static final String PROMPT_FORMS =
            "a string, an array of strings, an array of token ids or an array of those";

    private CompletionRequest() {}

    /** @throws ApiException if a field is missing, of the wrong type, out of range or not supported */
    static TextRequest parse(JsonFields fields, ServedModel served, Duration timeLimit) {
        RefusedFields.OF_COMPLETIONS.check(fields);
        Optional<FillInMiddle> fill = fillInMiddle(fields, served);
        boolean stream = GenerationFields.stream(fields);
        int n = fields.integer("n", 1, 128, 1);
        int bestOf = fields.integer("best_of", 0, 20, n);
        if (fields.has("best_of") && bestOf < n) {
            throw ApiException.badRequest(
                    "best_of", "\"best_of\" is " + bestOf + ", expected at least n, which is " + n);
        }
        if (stream && bestOf > n) {
            throw ApiException.badRequest("best_of", "\"best_of\" above n cannot be streamed");
        }
        boolean echo = fields.bool("echo", false);
        boolean logprobs = fields.has("logprobs");
        int alternatives = fields.integer("logprobs", 0, MAX_LOGPROBS, 0);
        SamplingOptions sampling = GenerationFields.sampling(fields, served);
        GenerationOptions.Builder options = GenerationOptions.builder()
                .maxTokens(fields.integer(
                        "max_tokens",
                        0,
                        MAX_TOKENS,
                        served.defaults().maxTokens().orElse(DEFAULT_MAX_TOKENS)))
                .sampling(sampling)
                .stop(stop(fields, served, fill))
                .shownTokens(GenerationFields.shownTokens(fields, served, Set.of()))
                .logprobs(LogprobOptions.builder()
                        .tokens(logprobs || bestOf > n)
                        .prompt(logprobs && echo)
                        .alternatives(alternatives)
                        .build())
                .timeLimit(timeLimit);
        StructuredOutput.read(fields).ifPresent(options::grammar);
        boolean sameSeed = fields.has("seed");
        if (fill.isPresent() && echo && logprobs) {
            throw ApiException.badRequest("suffix", "\"suffix\" cannot be scored: not with \"echo\" and \"logprobs\"");
        }
        List<Prompt> prompts =
                prompts(fields, served, fill, sameSeed ? Optional.of(sampling.seed()) : Optional.empty());
        return new TextRequest(
                fields.string("model"),
                prompts,
                n,
                bestOf,
                options.build(),
                echo,
                logprobs,
                GenerationFields.tokenIds(fields),
                stream,
                GenerationFields.includeUsage(fields),
                Optional.empty());
    }

    /** How the model fills in, where it is asked to; an empty suffix asks only those that can. */
    private static Optional<FillInMiddle> fillInMiddle(JsonFields fields, ServedModel served) {
        if (!fields.has("suffix")) {
            return Optional.empty();
        }
        String suffix = fields.string("suffix");
        Optional<FillInMiddle> fill = served.model().tokenizer().fillInMiddle();
        if (fill.isEmpty() && !suffix.isEmpty()) {
            throw ApiException.badRequest(
                    "suffix", "\"suffix\" needs a model with fill-in-the-middle tokens, which this one has not");
        }
        return fill;
    }

    private static StopOptions stop(JsonFields fields, ServedModel served, Optional<FillInMiddle> fill) {
        StopOptions stop = GenerationFields.stop(fields, served);
        if (fill.isEmpty() || stop.ignoreEnd()) {
            return stop;
        }
        Set<Integer> tokens = new HashSet<>(stop.tokens());
        tokens.addAll(fill.get().ends());
        return stop.toBuilder().tokens(tokens).build();
    }

    /** Special tokens in a prompt are read as such, as vLLM and llama.cpp do, unless the request says otherwise; one begins it. */
    private static int[] encode(JsonFields fields, ServedModel served, Optional<FillInMiddle> fill, String prompt) {
        if (fill.isPresent()) {
            return fill.get().encode(prompt, fields.string("suffix"));
        }
        Tokenizer tokenizer = served.model().tokenizer();
        boolean parse = fields.bool("parse_special", true);
        boolean add = fields.bool("add_special_tokens", true);
        int[] ids = tokenizer.encode(prompt, new EncodeOptions(add, parse));
        boolean twice = add
                && ids.length > 1
                && ids[0] == ids[1]
                && tokenizer.startToken().equals(OptionalInt.of(ids[0]));
        return twice ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    }

    /** Every prompt has the asked seed; where none was asked for, each its own. */
    private static List<Prompt> prompts(
            JsonFields fields, ServedModel served, Optional<FillInMiddle> fill, Optional<Long> seed) {
        JsonNode prompt = fields.required("prompt");
        SplittableRandom seeds = new SplittableRandom();
        List<Prompt> prompts = new ArrayList<>();
        boolean several = prompt.isArray()
                && !prompt.isEmpty()
                && (prompt.get(0).isString() || prompt.get(0).isArray());
        for (JsonNode each : several ? prompt : List.of(prompt)) {
            long own = seed.orElseGet(seeds::nextLong);
            if (each.isString() && (!several || prompt.get(0).isString())) {
                String text = each.stringValue();
                int[] ids = GenerationFields.truncated(fields, encode(fields, served, fill, text), served);
                prompts.add(new Prompt(text, ids, own));
            } else if (fill.isPresent()) {
                throw ApiException.badRequest("suffix", "\"suffix\" needs a \"prompt\" of text, not of token ids");
            } else if (each.isArray()
                    && !each.isEmpty()
                    && (!several || prompt.get(0).isArray())) {
                int[] ids = GenerationFields.truncated(
                        fields, ids(fields, each, served.model().vocabularySize()), served);
                prompts.add(new Prompt(served.model().tokenizer().decode(ids, false), ids, own));
            } else {
                throw fields.wrong("prompt", PROMPT_FORMS);
            }
        }
        return prompts;
    }

    private static int[] ids(JsonFields fields, JsonNode array, int vocabularySize) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = array.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw fields.wrong("prompt", PROMPT_FORMS);
            }
            ids[i] = id.intValue();
            if (ids[i] < 0 || ids[i] >= vocabularySize) {
                throw ApiException.badRequest(
                        "prompt", "\"prompt\" has the token " + ids[i] + ", expected 0.." + (vocabularySize - 1));
            }
        }
        return ids;
    }
}
