package io.karipap.server;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.SamplingOptions;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/completions}.
 *
 * @param model name of the model
 * @param prompt text, or null where token ids are given
 * @param promptIds token ids, or null where text is given
 * @param options what to generate
 * @param stream whether tokens are sent as they come
 * @param includeUsage whether a stream ends with the numbers of tokens
 */
@SuppressWarnings("ArrayRecordComponent")
record CompletionRequest(
        String model, String prompt, int[] promptIds, GenerationOptions options, boolean stream, boolean includeUsage) {
    private static final int DEFAULT_MAX_TOKENS = 16;

    /** @throws ApiException if a field is missing, of the wrong type, out of range or not supported */
    static CompletionRequest parse(byte[] body) {
        JsonFields fields = JsonFields.parse(body);
        String model = fields.string("model");
        JsonNode prompt = fields.node("prompt");
        if (!fields.has("prompt")) {
            throw ApiException.badRequest("prompt", "\"prompt\" is required");
        }
        if (!prompt.isString() && !(prompt.isArray() && !prompt.isEmpty())) {
            throw fields.wrong("prompt", "a string or an array of token ids");
        }
        refuseUnsupported(fields);
        boolean stream = fields.bool("stream", false);
        boolean includeUsage = false;
        if (fields.has("stream_options")) {
            if (!stream) {
                throw ApiException.badRequest(
                        "stream_options", "\"stream_options\" is only allowed with \"stream\": true");
            }
            includeUsage = fields.object("stream_options").bool("include_usage", false);
        }
        SamplingOptions sampling = new SamplingOptions(
                fields.number("temperature", 0, 2, 1),
                fields.integer("top_k", 0, Integer.MAX_VALUE, 0),
                fields.number("top_p", 0, 1, 1),
                fields.number("min_p", 0, 1, 0),
                fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE, new SplittableRandom().nextLong()));
        GenerationOptions options = new GenerationOptions(
                fields.integer("max_tokens", 1, 1 << 24, DEFAULT_MAX_TOKENS),
                sampling,
                fields.strings("stop", 4),
                fields.bool("ignore_eos", false));
        return new CompletionRequest(
                model,
                prompt.isString() ? prompt.stringValue() : null,
                prompt.isString() ? null : ids(fields, prompt),
                options,
                stream,
                includeUsage);
    }

    private static int[] ids(JsonFields fields, JsonNode prompt) {
        int[] ids = new int[prompt.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = prompt.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw fields.wrong(
                        "prompt", "a string or an array of token ids (several prompts are not supported yet)");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }

    /** What would change the answer but is not there yet is refused, never ignored. */
    private static void refuseUnsupported(JsonFields fields) {
        only(fields, "n", fields.integer("n", 1, 128, 1) == 1);
        only(fields, "best_of", fields.integer("best_of", 0, 20, 1) <= 1);
        only(fields, "echo", !fields.bool("echo", false));
        only(fields, "logprobs", !fields.has("logprobs"));
        only(fields, "suffix", !fields.has("suffix"));
        only(fields, "presence_penalty", fields.number("presence_penalty", -2, 2, 0) == 0);
        only(fields, "frequency_penalty", fields.number("frequency_penalty", -2, 2, 0) == 0);
        only(
                fields,
                "logit_bias",
                !fields.has("logit_bias") || fields.node("logit_bias").isEmpty());
    }

    private static void only(JsonFields fields, String name, boolean supported) {
        if (!supported) {
            throw ApiException.badRequest(
                    name, "\"" + name + "\" with the value " + fields.node(name) + " is not supported yet");
        }
    }
}
