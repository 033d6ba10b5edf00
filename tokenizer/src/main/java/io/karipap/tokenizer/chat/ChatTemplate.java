package io.karipap.tokenizer.chat;

import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.jinja.Refusal;
import io.karipap.tokenizer.jinja.Template;
import io.karipap.tokenizer.jinja.TemplateException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

    /** The template of a model that has one only, and of several that for a conversation without tools. */
    private static final String DEFAULT = "default";

    /** Of several templates that for a conversation with tools. */
    private static final String WITH_TOOLS = "tool_use";

    private final Map<String, Named> templates;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private record Named(String source, Template template) {}

    /**
     * @param template Jinja source
     * @param specialTokens what templates call {@code bos_token}, {@code eos_token}, …
     * @throws ChatTemplateException if it is malformed or uses a tag, filter, test or method that there is not; the message names the
     *     line
     */
    public ChatTemplate(String template, Map<String, String> specialTokens) {
        this(template, specialTokens, Clock.systemDefaultZone());
    }

    ChatTemplate(String template, Map<String, String> specialTokens, Clock clock) {
        this(Map.of(DEFAULT, template), specialTokens, clock);
    }

    private ChatTemplate(Map<String, String> sources, Map<String, String> specialTokens, Clock clock) {
        this.clock = clock;
        this.specialTokens = Map.copyOf(specialTokens);
        this.templates = new HashMap<>();
        sources.forEach((name, source) -> {
            try {
                templates.put(name, new Named(source, Template.parse(source)));
            } catch (TemplateException e) {
                String which = sources.size() == 1 ? "" : " \"" + name + "\"";
                throw new ChatTemplateException(
                        "the chat template" + which + " is not supported, " + e.getMessage(), e);
            }
        });
        if (!templates.containsKey(DEFAULT) && !templates.containsKey(WITH_TOOLS)) {
            throw new ChatTemplateException("the model has the chat templates " + new TreeSet<>(templates.keySet())
                    + ", expected one named \"" + DEFAULT + "\"");
        }
    }

    /**
     * Several templates of one model: {@code tool_use} makes the prompts with tools, if there is one of that name, {@code default} all
     * others.
     *
     * @param templates Jinja sources by name
     * @param specialTokens what templates call {@code bos_token}, {@code eos_token}, …
     * @throws ChatTemplateException if one is malformed, or none is named {@code default}; the message names it
     */
    public static ChatTemplate named(Map<String, String> templates, Map<String, String> specialTokens) {
        return new ChatTemplate(templates, specialTokens, Clock.systemDefaultZone());
    }

    /**
     * The Jinja source of the template that makes prompts with or without tools.
     *
     * @throws ChatTemplateException if the model has none for it
     */
    public String source(boolean withTools) {
        return template(withTools).source();
    }

    private Named template(boolean withTools) {
        Named found = withTools ? templates.get(WITH_TOOLS) : null;
        found = found != null ? found : templates.get(DEFAULT);
        if (found == null) {
            throw new ChatTemplateException(
                    "the model has the chat template \"" + WITH_TOOLS + "\" only: it needs tools");
        }
        return found;
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
        return render(plain(messages, tools, addGenerationPrompt));
    }

    private static ChatPrompt plain(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt) {
        return new ChatPrompt(
                messages, tools, List.of(), Map.of(), addGenerationPrompt ? PromptEnd.ANSWER : PromptEnd.CLOSED);
    }

    /**
     * The prompt as token ids. It begins with the token that begins every text of the model, if there is one, exactly once: where the
     * template does not write it, it is added as the tokenizer adds it to other prompts.
     *
     * @see #render(ChatPrompt)
     */
    public int[] encode(Tokenizer tokenizer, ChatPrompt prompt) {
        Template.Rendered rendered = rendered(prompt);
        return tokenizer.withStart(tokenizer.encodeParsed(rendered.text(), rendered.outside()));
    }

    /** As {@link #encode(Tokenizer, ChatPrompt)}, without documents and variables. */
    public int[] encode(
            Tokenizer tokenizer,
            List<Map<String, Object>> messages,
            List<Map<String, Object>> tools,
            boolean addGenerationPrompt) {
        return encode(tokenizer, plain(messages, tools, addGenerationPrompt));
    }

    /**
     * Tokens that end a turn, whatever the model's configuration says: the special token that the template writes after the content of
     * an answer, such as {@code <|im_end|>}, with which a model that was taught by the template ends its turn; and the
     * {@code eos_token} of the tokenizer.
     *
     * @return their ids; none where no special token follows, or the template refuses a conversation of one question and one answer
     */
    public Set<Integer> endsOfTurn(Tokenizer tokenizer) {
        Set<Integer> ends = new HashSet<>();
        if (specialTokens.containsKey("eos_token")) {
            tokenizer.id(specialTokens.get("eos_token")).ifPresent(ends::add);
        }
        List<Map<String, Object>> messages =
                List.of(Map.of("role", "user", "content", "?"), Map.of("role", "assistant", "content", ANSWER));
        String text;
        try {
            text = render(messages, List.of(), false);
        } catch (ChatTemplateException e) {
            return ends;
        }
        int at = text.lastIndexOf(ANSWER);
        if (at >= 0) {
            String rest = text.substring(at + ANSWER.length()).stripLeading();
            int[] ids = tokenizer.encodeParsed(rest, new BitSet());
            if (ids.length > 0 && tokenizer.isSpecial(ids[0])) {
                ends.add(ids[0]);
            }
        }
        return ends;
    }

    private Template.Rendered rendered(ChatPrompt prompt) {
        Map<String, Object> own = new HashMap<>(specialTokens);
        own.put("add_generation_prompt", prompt.end() == PromptEnd.ANSWER);
        boolean open = prompt.end() == PromptEnd.OPEN;
        Map<String, Object> outside = new HashMap<>();
        outside.put("messages", open ? OpenMessage.marked(prompt.messages()) : prompt.messages());
        // As transformers: absent lists are none, not undefined.
        outside.put("tools", prompt.tools().isEmpty() ? null : prompt.tools());
        outside.put("documents", prompt.documents().isEmpty() ? null : prompt.documents());
        prompt.variables().forEach((name, value) -> {
            if (own.containsKey(name) || RESERVED.contains(name)) {
                throw new ChatTemplateException(
                        "the chat template cannot be given \"" + name + "\" as a variable: the name is taken");
            }
            outside.put(name, value);
        });
        try {
            Template.Rendered rendered =
                    template(!prompt.tools().isEmpty()).template().render(own, outside, LocalDateTime.now(clock));
            return open ? OpenMessage.cut(rendered) : rendered;
        } catch (Refusal e) {
            throw new ChatTemplateException("the chat template refuses the messages: " + e.getMessage(), e);
        } catch (TemplateException | IllegalArgumentException e) {
            throw new ChatTemplateException("the chat template cannot be rendered: " + e.getMessage(), e);
        }
    }
}
