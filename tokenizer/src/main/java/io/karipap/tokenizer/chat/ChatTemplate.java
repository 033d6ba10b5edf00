package io.karipap.tokenizer.chat;

import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.jinja.Refusal;
import io.karipap.tokenizer.jinja.Template;
import io.karipap.tokenizer.jinja.TemplateException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A model's chat template. Thread-safe.
 *
 * <p>Special tokens are parsed in the template's own text and never in what messages and tools contain: a user cannot inject control
 * tokens.
 *
 * @since 0.1
 */
public final class ChatTemplate {
    /** Names that a prompt's own parts have in a template. */
    private static final Set<String> RESERVED = Set.of("messages", "tools", "documents", "add_generation_prompt");

    /** An answer that no template writes itself. */
    private static final String ANSWER = "karipap-answer";

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
     * @throws ChatTemplateException if the template refuses the messages or cannot be rendered, or a variable has a name that is not free
     */
    public String render(ChatPrompt prompt) {
        return rendered(prompt).text();
    }

    /** As {@link #render(ChatPrompt)}, without documents and variables. */
    public String render(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt) {
        return render(new ChatPrompt(messages, tools, List.of(), Map.of(), addGenerationPrompt));
    }

    /**
     * The prompt as token ids.
     *
     * @see #render(ChatPrompt)
     */
    public int[] encode(Tokenizer tokenizer, ChatPrompt prompt) {
        Template.Rendered rendered = rendered(prompt);
        return tokenizer.encodeParsed(rendered.text(), rendered.outside());
    }

    /** As {@link #encode(Tokenizer, ChatPrompt)}, without documents and variables. */
    public int[] encode(
            Tokenizer tokenizer,
            List<Map<String, Object>> messages,
            List<Map<String, Object>> tools,
            boolean addGenerationPrompt) {
        return encode(tokenizer, new ChatPrompt(messages, tools, List.of(), Map.of(), addGenerationPrompt));
    }

    /**
     * The special token that the template writes after the content of an answer, such as {@code <|im_end|>}: a model that was taught by
     * the template ends its turn with it, whatever its configuration says.
     *
     * @return its id; empty where no special token follows, or the template refuses a conversation of one question and one answer
     */
    public OptionalInt endOfTurn(Tokenizer tokenizer) {
        List<Map<String, Object>> messages =
                List.of(Map.of("role", "user", "content", "?"), Map.of("role", "assistant", "content", ANSWER));
        String text;
        try {
            text = render(new ChatPrompt(messages, List.of(), List.of(), Map.of(), false));
        } catch (ChatTemplateException e) {
            return OptionalInt.empty();
        }
        int at = text.lastIndexOf(ANSWER);
        if (at < 0) {
            return OptionalInt.empty();
        }
        String rest = text.substring(at + ANSWER.length()).stripLeading();
        int[] ids = tokenizer.encodeParsed(rest, new BitSet());
        return ids.length > 0 && tokenizer.isSpecial(ids[0]) ? OptionalInt.of(ids[0]) : OptionalInt.empty();
    }

    private Template.Rendered rendered(ChatPrompt prompt) {
        Map<String, Object> own = new HashMap<>(specialTokens);
        own.put("add_generation_prompt", prompt.addGenerationPrompt());
        Map<String, Object> outside = new HashMap<>();
        outside.put("messages", prompt.messages());
        if (!prompt.tools().isEmpty()) {
            outside.put("tools", prompt.tools());
        }
        if (!prompt.documents().isEmpty()) {
            outside.put("documents", prompt.documents());
        }
        prompt.variables().forEach((name, value) -> {
            if (own.containsKey(name) || RESERVED.contains(name)) {
                throw new ChatTemplateException(
                        "the chat template cannot be given \"" + name + "\" as a variable: the name is taken");
            }
            outside.put(name, value);
        });
        try {
            return template.render(own, outside, LocalDateTime.now(clock));
        } catch (Refusal e) {
            throw new ChatTemplateException("the chat template refuses the messages: " + e.getMessage(), e);
        } catch (TemplateException | IllegalArgumentException e) {
            throw new ChatTemplateException("the chat template cannot be rendered: " + e.getMessage(), e);
        }
    }
}
