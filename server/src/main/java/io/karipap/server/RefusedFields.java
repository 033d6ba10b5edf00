package io.karipap.server;

import io.karipap.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Fields of OpenAI's specification and of vLLM's and llama.cpp's documents that would change an answer and are not there: they are refused
 * by name, unless they have the value that changes nothing.
 */
final class RefusedFields {
    /** Stands for a field that changes the answer whatever its value. */
    private static final String NEVER = "";

    private static final String[] OF_BOTH = {
        "use_beam_search", "false",
        "length_penalty", "1",
        "early_stopping", "false",
        "typical_p", "1",
        "tfs_z", "1",
        "top_a", "0",
        "top_n_sigma", "-1",
        "mirostat", "0",
        "xtc_probability", "0",
        "dry_multiplier", "0",
        "dynatemp_range", "0",
        "repeat_penalty", "1",
        "samplers", NEVER,
        "n_predict", NEVER,
        "n_keep", "0",
        "n_probs", "0",
        "min_keep", "0",
        "n_indent", "0",
        "t_max_predict_ms", "0",
        "bad_words", "[]",
        "allowed_token_ids", NEVER,
        "prompt_logprobs", NEVER,
        "logits_processors", "[]",
        "return_tokens_as_token_ids", "false",
        "spaces_between_special_tokens", "true",
        "structural_tag", NEVER,
        "lora", "[]",
        "priority", "0",
        "cache_salt", NEVER,
        "kv_transfer_params", NEVER,
        "vllm_xargs", NEVER,
        "store", "false",
    };

    /** Fields of {@code /v1/chat/completions}. */
    static final RefusedFields OF_CHAT = new RefusedFields(
            "best_of", "1",
            "echo", "false",
            "suffix", "\"\"",
            "chat_template", NEVER,
            "functions", "[]",
            "function_call", "\"none\"",
            "modalities", "[\"text\"]",
            "audio", NEVER,
            "web_search_options", NEVER,
            "verbosity", "\"medium\"",
            "include_reasoning", "true",
            "reasoning_format", "\"auto\"",
            "reasoning_budget", "-1",
            "thinking_token_budget", NEVER,
            "add_special_tokens", "false",
            "mm_processor_kwargs", NEVER);

    /** Fields of {@code /v1/completions}. */
    static final RefusedFields OF_COMPLETIONS = new RefusedFields(
            "prompt_embeds", NEVER,
            "image_data", "[]",
            "tools", "[]",
            "continue_final_message", "false");

    private final Map<String, String> neutral = new LinkedHashMap<>();

    private RefusedFields(String... own) {
        for (String[] all : new String[][] {OF_BOTH, own}) {
            for (int i = 0; i < all.length; i += 2) {
                neutral.put(all[i], all[i + 1]);
            }
        }
    }

    /** @throws ApiException if one of them has another value than the one that changes nothing */
    void check(JsonFields fields) {
        neutral.forEach((name, value) -> {
            if (fields.has(name) && !same(fields.node(name), value)) {
                String hint = value.equals(NEVER) ? "" : ", expected " + value;
                throw ApiException.badRequest(name, "\"" + name + "\" is not supported" + hint);
            }
        });
    }

    private static boolean same(JsonNode node, String neutral) {
        if (neutral.equals(NEVER)) {
            return false;
        }
        JsonNode expected = Json.parse(neutral);
        return node.isNumber() && expected.isNumber()
                ? node.doubleValue() == expected.doubleValue()
                : node.equals(expected);
    }
}
