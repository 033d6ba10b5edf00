package io.karipap.server;

import io.karipap.chat.format.AnswerForm;
import io.karipap.chat.format.CallRules;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LogprobOptions;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import io.karipap.server.TextRequest.Prompt;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateException;
import io.karipap.tokenizer.chat.PromptEnd;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The body of {@code POST /v1/chat/completions}. */
final class ChatRequest {
    private static final int MAX_ALTERNATIVES = 20;

    private final JsonFields fields;
    private final ServedModel served;
    private final ChatTemplate template;
    private final ToolFields tools;
    private final AnswerForm form;

    private ChatRequest(JsonFields fields, ServedModel served) {
        this.fields = fields;
        this.served = served;
        this.template = served.chatTemplate()
                .orElseThrow(() -> ApiException.badRequest(
                        "model",
                        "the model has no chat template: it was not made for conversations; use /v1/completions"));
        this.tools = ToolFields.read(fields);
        this.form = form();
    }

    /** @throws ApiException if a field is missing, of the wrong type, out of range or not supported */
    static TextRequest parse(JsonFields fields, ServedModel served, Duration timeLimit) {
        RefusedFields.OF_CHAT.check(fields);
        List<Map<String, Object>> messages = ChatMessages.read(fields);
        return new ChatRequest(fields, served).parse(messages, timeLimit);
    }

    private AnswerForm form() {
        boolean withTools = tools.rules().isPresent();
        try {
            AnswerForm found = served.answerForm(withTools);
            if (withTools && !found.callsTools()) {
                throw ApiException.badRequest(
                        "tools", "the model's chat template writes calls of tools in a form that is not supported");
            }
            return found;
        } catch (ChatTemplateException e) {
            throw ApiException.badRequest("tools", e.getMessage());
        }
    }

    private TextRequest parse(List<Map<String, Object>> messages, Duration timeLimit) {
        int[] ids = GenerationFields.truncated(fields, encode(messages), served);
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
        Optional<Supplier<GrowingAnswer>> answers = answers(ids);
        GenerationOptions.Builder options = GenerationOptions.builder()
                .maxTokens(fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE, maxTokens))
                .sampling(sampling)
                .stop(stop())
                .shownTokens(GenerationFields.shownTokens(
                        fields, served, answers.isPresent() ? form.shownTokens() : Set.of()))
                .logprobs(LogprobOptions.builder()
                        .tokens(logprobs)
                        .alternatives(fields.integer("top_logprobs", 0, MAX_ALTERNATIVES, 0))
                        .build())
                .timeLimit(timeLimit);
        form.grammar(ids, tools.rules(), StructuredOutput.read(fields)).ifPresent(options::grammar);
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
                GenerationFields.includeUsage(fields),
                answers);
    }

    private int[] encode(List<Map<String, Object>> messages) {
        Map<String, Object> variables = TemplateValues.map(fields, "chat_template_kwargs");
        if (fields.has("reasoning_effort")) {
            if (!template.source(!tools.offered().isEmpty()).contains("reasoning_effort")) {
                throw ApiException.badRequest(
                        "reasoning_effort", "the model's chat template knows no \"reasoning_effort\"");
            }
            variables.putIfAbsent("reasoning_effort", fields.string("reasoning_effort"));
        }
        try {
            ChatPrompt prompt = new ChatPrompt(
                    messages, tools.offered(), TemplateValues.maps(fields, "documents"), variables, end());
            return template.encode(served.model().tokenizer(), form.prompt(prompt));
        } catch (ChatTemplateException e) {
            throw ApiException.badRequest(
                    fields.has("chat_template_kwargs") ? "chat_template_kwargs" : "messages", e.getMessage());
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("messages", e.getMessage());
        }
    }

    private PromptEnd end() {
        boolean open = fields.bool("continue_final_message", false);
        boolean answer = fields.bool("add_generation_prompt", !open);
        if (open && answer) {
            throw ApiException.badRequest(
                    "continue_final_message",
                    "\"continue_final_message\" and \"add_generation_prompt\" exclude each other");
        }
        return open ? PromptEnd.OPEN : answer ? PromptEnd.ANSWER : PromptEnd.CLOSED;
    }

    /** What takes an answer apart; absent where it can only be text. */
    private Optional<Supplier<GrowingAnswer>> answers(int[] ids) {
        Optional<CallRules> rules = tools.rules();
        if (rules.isEmpty() && !form.thinks()) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom();
        return Optional.of(() -> new GrowingAnswer(form.reader(ids, rules), () -> form.newCallId(random)));
    }

    /** What every request may name, and the template's ends of a turn. */
    private StopOptions stop() {
        StopOptions stop = GenerationFields.stop(fields, served);
        if (stop.ignoreEnd() || served.endsOfTurn().isEmpty()) {
            return stop;
        }
        Set<Integer> tokens = new HashSet<>(stop.tokens());
        tokens.addAll(served.endsOfTurn());
        return stop.toBuilder().tokens(tokens).build();
    }
}
