package io.karipap.tokenizer.chat;

import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.jinja.Refusal;
import io.karipap.tokenizer.jinja.Template;
import io.karipap.tokenizer.jinja.TemplateException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's chat template. Thread-safe.
 *
 * <p>Special tokens are parsed in the template's own text and never in what messages and tools contain: a user cannot inject control
 * tokens.
 *
 * @since 0.1
 */
public final class ChatTemplate {
    private final Template template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    /**
     * @param template Jinja source
     * @param specialTokens what templates call {@code bos_token}, {@code eos_token}, …
     * @throws ChatTemplateException if it is malformed or uses a tag, filter or test that there is not; the message names the line
     */
    public ChatTemplate(String template, Map<String, String> specialTokens) {
        this(template, specialTokens, Clock.systemDefaultZone());
    }

    ChatTemplate(String template, Map<String, String> specialTokens, Clock clock) {
        this.clock = clock;
        try {
            this.template = Template.parse(template);
        } catch (TemplateException e) {
            throw new ChatTemplateException("the chat template is not supported, " + e.getMessage(), e);
        }
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * The prompt as text.
     *
     * @param messages maps with {@code role}, {@code content} and whatever else the template reads
     * @param tools tool descriptions, or an empty list
     * @param addGenerationPrompt whether the beginning of an answer is appended
     * @throws ChatTemplateException if the template refuses the messages or cannot be rendered
     */
    public String render(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt) {
        return rendered(messages, tools, addGenerationPrompt).text();
    }

    /**
     * The prompt as token ids.
     *
     * @see #render
     */
    public int[] encode(
            Tokenizer tokenizer,
            List<Map<String, Object>> messages,
            List<Map<String, Object>> tools,
            boolean addGenerationPrompt) {
        Template.Rendered rendered = rendered(messages, tools, addGenerationPrompt);
        return tokenizer.encodeParsed(rendered.text(), rendered.outside());
    }

    private Template.Rendered rendered(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt) {
        Map<String, Object> own = new HashMap<>(specialTokens);
        own.put("add_generation_prompt", addGenerationPrompt);
        Map<String, Object> outside = new HashMap<>();
        outside.put("messages", messages);
        if (!tools.isEmpty()) {
            outside.put("tools", tools);
        }
        try {
            return template.render(own, outside, LocalDateTime.now(clock));
        } catch (Refusal e) {
            throw new ChatTemplateException("the chat template refuses the messages: " + e.getMessage(), e);
        } catch (TemplateException | IllegalArgumentException e) {
            throw new ChatTemplateException("the chat template cannot be rendered: " + e.getMessage(), e);
        }
    }
}
