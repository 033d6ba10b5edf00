package io.karipap.server;

import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The fields that completions and chat have in common, under the names that clients know. Their ranges lie within those of the engine's
 * options, so that a client never meets the engine's own names in a message.
 */
final class GenerationFields {
    private static final int MAX_STOPS = 4;

    private GenerationFields() {}

    static SamplingOptions sampling(JsonFields fields, ServedModel served) {
        SamplingOptions absent = served.defaults().sampling().build();
        return SamplingOptions.builder()
                .temperature(fields.number("temperature", 0, 2, absent.temperature()))
                .topK(fields.integer("top_k", 0, Integer.MAX_VALUE, absent.topK()))
                .topP(fields.number("top_p", 0, 1, absent.topP()))
                .minP(fields.number("min_p", 0, 1, absent.minP()))
                .seed(fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE, new SplittableRandom().nextLong()))
                .repetitionPenalty(fields.number("repetition_penalty", 0.01, 10, absent.repetitionPenalty()))
                .presencePenalty(fields.number("presence_penalty", -2, 2, 0))
                .frequencyPenalty(fields.number("frequency_penalty", -2, 2, 0))
                .logitBias(fields.bias("logit_bias", served.model().vocabularySize()))
                .build();
    }

    static StopOptions stop(JsonFields fields, ServedModel served) {
        return StopOptions.builder()
                .texts(fields.strings("stop", MAX_STOPS))
                .tokens(fields.ids("stop_token_ids", served.model().vocabularySize()))
                .ignoreEnd(fields.bool("ignore_eos", false))
                .minTokens(fields.integer("min_tokens", 0, Integer.MAX_VALUE, 0))
                .shown(fields.bool("include_stop_str_in_output", false))
                .build();
    }

    /** Special tokens that have their spelling in a text: all that are drawn, or those that are needed to read it. */
    static Set<Integer> shownTokens(JsonFields fields, ServedModel served, Set<Integer> needed) {
        return fields.bool("skip_special_tokens", true)
                ? needed
                : served.model().tokenizer().specialTokens();
    }

    /** The last {@code truncate_prompt_tokens} of a prompt; −1 stands for as many as fit into the context. */
    static int[] truncated(JsonFields fields, int[] ids, ServedModel served) {
        int fitting = served.model().engine().contextLength() - 1;
        int asked = fields.integer("truncate_prompt_tokens", -1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        if (asked == 0) {
            throw fields.wrong("truncate_prompt_tokens", "-1 or at least 1");
        }
        int kept = asked == -1 ? fitting : asked;
        return ids.length <= kept ? ids : Arrays.copyOfRange(ids, ids.length - kept, ids.length);
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
