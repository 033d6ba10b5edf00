package io.karipap.server;

import io.karipap.generate.Penalties;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import java.util.SplittableRandom;

/** The fields that completions and chat have in common. */
final class GenerationFields {
    private static final int MAX_STOPS = 4;

    private GenerationFields() {}

    static SamplingOptions sampling(JsonFields fields, ServedModel served) {
        return new SamplingOptions(
                fields.number("temperature", 0, 2, 1),
                fields.integer("top_k", 0, Integer.MAX_VALUE, 0),
                fields.number("top_p", 0, 1, 1),
                fields.number("min_p", 0, 1, 0),
                fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE, new SplittableRandom().nextLong()),
                new Penalties(
                        fields.number("repetition_penalty", 0.01, 10, 1),
                        fields.number("presence_penalty", -2, 2, 0),
                        fields.number("frequency_penalty", -2, 2, 0)),
                fields.bias("logit_bias", served.vocabularySize()));
    }

    static StopOptions stop(JsonFields fields, ServedModel served) {
        return new StopOptions(
                fields.strings("stop", MAX_STOPS),
                fields.ids("stop_token_ids", served.vocabularySize()),
                fields.bool("ignore_eos", false),
                fields.integer("min_tokens", 0, Integer.MAX_VALUE, 0));
    }

    static boolean tokenIds(JsonFields fields) {
        return fields.bool("return_token_ids", false);
    }

    static boolean stream(JsonFields fields) {
        return fields.bool("stream", false);
    }

    static boolean includeUsage(JsonFields fields) {
        if (!fields.has("stream_options")) {
            return false;
        }
        if (!stream(fields)) {
            throw ApiException.badRequest("stream_options", "\"stream_options\" is only allowed with \"stream\": true");
        }
        return fields.object("stream_options").bool("include_usage", false);
    }
}
