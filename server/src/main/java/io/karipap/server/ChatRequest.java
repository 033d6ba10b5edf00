package io.karipap.server;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LogprobOptions;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import io.karipap.server.TextRequest.Prompt;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /v1/chat/completions}. */
final class ChatRequest {
    private static final Set<String> ROLES = Set.of("developer", "system", "user", "assistant", "tool");
    private static final int MAX_ALTERNATIVES = 20;

    private ChatRequest() {}

    /** @throws ApiException if a field is missing, of the wrong type, out of range or not supported */
    static TextRequest parse(JsonFields fields, ServedModel served, Duration timeLimit) {
        List<Map<String, Object>> messages = messages(fields);
        refuseTools(fields);
        ChatTemplate template = served.chatTemplate()
                .orElseThrow(() -> ApiException.badRequest(
                        "model",
                        "the model has no chat template: it was not made for conversations; use /v1/completions"));
        int[] ids;
        try {
            ids = template.encode(
                    served.model().tokenizer(),
                    new ChatPrompt(
                            messages,
                            List.of(),
                            TemplateValues.maps(fields, "documents"),
                            TemplateValues.map(fields, "chat_template_kwargs"),
                            true));
        } catch (ChatTemplateException e) {
            throw ApiException.badRequest(
                    fields.has("chat_template_kwargs") ? "chat_template_kwargs" : "messages", e.getMessage());
        }
        boolean logprobs = fields.bool("logprobs", false);
        if (fields.has("top_logprobs") && !logprobs) {
            throw ApiException.badRequest("top_logprobs", "\"top_logprobs\" is only allowed with \"logprobs\": true");
        }
        int n = fields.integer("n", 1, 128, 1);
        int rest = Math.max(1, served.model().engine().contextLength() - ids.length);
        int maxTokens = fields.integer(
                "max_tokens",
                1,
                Integer.MAX_VALUE,
                Math.max(1, Math.min(rest, served.defaults().maxTokens().orElse(rest))));
        SamplingOptions sampling = GenerationFields.sampling(fields, served);
        GenerationOptions.Builder options = GenerationOptions.builder()
                .maxTokens(fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE, maxTokens))
                .sampling(sampling)
                .stop(stop(fields, served))
                .logprobs(LogprobOptions.builder()
                        .tokens(logprobs)
                        .alternatives(fields.integer("top_logprobs", 0, MAX_ALTERNATIVES, 0))
                        .build())
                .timeLimit(timeLimit);
        StructuredOutput.read(fields).ifPresent(options::grammar);
        return new TextRequest(
                fields.string("model"),
                List.of(new Prompt(served.model().tokenizer().decode(ids, false), ids, sampling.seed())),
                n,
                n,
                options.build(),
                false,
                logprobs,
                GenerationFields.tokenIds(fields),
                GenerationFields.stream(fields),
                GenerationFields.includeUsage(fields));
    }

    /** What every request may name, and the template's end of a turn. */
    private static StopOptions stop(JsonFields fields, ServedModel served) {
        StopOptions stop = GenerationFields.stop(fields, served);
        if (stop.ignoreEnd() || served.endOfTurn().isEmpty()) {
            return stop;
        }
        Set<Integer> tokens = new HashSet<>(stop.tokens());
        tokens.add(served.endOfTurn().getAsInt());
        return stop.toBuilder().tokens(tokens).build();
    }

    private static List<Map<String, Object>> messages(JsonFields fields) {
        JsonNode array = fields.required("messages");
        if (!array.isArray() || array.isEmpty()) {
            throw fields.wrong("messages", "an array of messages");
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String place = "messages[" + i + "]";
            JsonNode message = array.get(i);
            String role = message.path("role").asString("");
            if (!ROLES.contains(role)) {
                throw ApiException.badRequest(
                        place + ".role", "the role is " + message.path("role") + ", expected one of " + ROLES);
            }
            Map<String, Object> parts = new LinkedHashMap<>();
            parts.put("role", role.equals("developer") ? "system" : role);
            parts.put("content", content(message.path("content"), place + ".content"));
            if (message.path("name").isString()) {
                parts.put("name", message.path("name").stringValue());
            }
            if (message.hasNonNull("tool_calls")) {
                throw ApiException.badRequest(place + ".tool_calls", "tool calls are not supported yet");
            }
            messages.add(parts);
        }
        return messages;
    }

    private static String content(JsonNode content, String place) {
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw ApiException.badRequest(
                    place, "the content is " + content + ", expected a string or an array of parts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asString("").equals("text")
                    || !part.path("text").isString()) {
                throw ApiException.badRequest(place, "a part is of the type " + part.path("type") + ", expected text");
            }
            text.append(part.path("text").stringValue());
        }
        return text.toString();
    }

    /** What would change the answer but is not there yet is refused, never ignored. */
    private static void refuseTools(JsonFields fields) {
        for (String name : List.of("tools", "functions")) {
            if (fields.has(name) && !fields.node(name).isEmpty()) {
                throw ApiException.badRequest(name, "\"" + name + "\" is not supported yet");
            }
        }
    }
}
