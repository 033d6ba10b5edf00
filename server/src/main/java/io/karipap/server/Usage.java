package io.karipap.server;

import io.karipap.json.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokens of a request.
 *
 * @param prompt tokens of all prompts
 * @param cached of them those that were not computed
 * @param completion tokens of all texts that were generated
 */
record Usage(int prompt, int cached, int completion) {
    static final Usage NONE = new Usage(0, 0, 0);

    Usage plus(Usage other) {
        return new Usage(prompt + other.prompt, cached + other.cached, completion + other.completion);
    }

    ObjectNode json() {
        ObjectNode usage = Json.object()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
        return usage;
    }
}
