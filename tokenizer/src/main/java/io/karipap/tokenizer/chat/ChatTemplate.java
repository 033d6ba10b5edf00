package io.karipap.tokenizer.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.chat.jinja.ItemsFilter;
import io.karipap.tokenizer.chat.jinja.PythonJsonFilter;
import io.karipap.tokenizer.chat.jinja.TemplateFunctions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** Largest prompt that a template may render, in characters. */
    private static final long MAX_OUTPUT = 16L << 20;

    /** Stands behind the first character of a special token's look-alike in a message; Unicode keeps it free for such uses. */
    private static final char PLAIN_MARK = '\uFDD0';

    private final Jinjava jinjava;
    private final String template;
    private final Map<String, String> specialTokens;

    /**
     * @param template Jinja source
     * @param specialTokens what templates call {@code bos_token}, {@code eos_token}, …
     * @throws ChatTemplateException if it uses a filter or a test that the library does not have
     */
    public ChatTemplate(String template, Map<String, String> specialTokens) {
        this.template = PythonDialect.translate(template);
        this.specialTokens = Map.copyOf(specialTokens);
        this.jinjava = new Jinjava(config());
        jinjava.getGlobalContext().registerFilter(new PythonJsonFilter());
        jinjava.getGlobalContext().registerFilter(new ItemsFilter());
        register("raise_exception", "raise");
        register("strftime_now", "now");
        checkSupported(template);
    }

    /** The library passes over filters that it does not know; a prompt made so would be silently wrong. */
    private void checkSupported(String source) {
        for (String filter : PythonDialect.filters(source)) {
            if (jinjava.getGlobalContext().getFilter(filter) == null) {
                throw new ChatTemplateException(
                        "the chat template uses the filter \"" + filter + "\", which is not supported");
            }
        }
        for (String test : PythonDialect.tests(source)) {
            if (jinjava.getGlobalContext().getExpTest(test) == null) {
                throw new ChatTemplateException(
                        "the chat template uses the test \"" + test + "\", which is not supported");
            }
        }
    }

    private void register(String name, String method) {
        jinjava.getGlobalContext()
                .registerFunction(new ELFunctionDefinition("", name, TemplateFunctions.class, method, String.class));
    }

    private static JinjavaConfig config() {
        return JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withParseWhitespaceControlStrictly(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withUsePyishObjectMapper(true)
                        .withEvaluateMapKeys(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withKeepNullableLoopValues(true)
                        .build())
                .withDisabled(Map.of(Context.Library.TAG, Set.of("include", "import", "from", "extends")))
                .withMaxOutputSize(MAX_OUTPUT)
                .withMaxRenderDepth(20)
                .withMaxMacroRecursionDepth(20)
                .build();
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
        Map<String, Object> context = new HashMap<>(specialTokens);
        context.put("messages", messages);
        if (!tools.isEmpty()) {
            context.put("tools", tools);
        }
        context.put("add_generation_prompt", addGenerationPrompt);
        RenderResult result = jinjava.renderForResult(template, context);
        for (TemplateError error : result.getErrors()) {
            if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
                throw describe(error);
            }
        }
        return result.getOutput();
    }

    private static ChatTemplateException describe(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ChatTemplateException refusal) {
                return refusal;
            }
        }
        return new ChatTemplateException("the chat template cannot be rendered: " + error.getMessage());
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
        List<String> special = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            if (tokenizer.isSpecial(id)) {
                tokenizer.token(id).ifPresent(special::add);
            }
        }
        String marked = render(markAll(messages, special), markAll(tools, special), addGenerationPrompt);
        StringBuilder text = new StringBuilder(marked.length());
        BitSet plain = new BitSet();
        for (int i = 0; i < marked.length(); i++) {
            if (marked.charAt(i) == PLAIN_MARK) {
                plain.set(Math.max(0, text.length() - 1));
            } else {
                text.append(marked.charAt(i));
            }
        }
        return tokenizer.encodeParsed(text.toString(), plain);
    }

    private static List<Map<String, Object>> markAll(List<Map<String, Object>> maps, List<String> special) {
        List<Map<String, Object>> marked = new ArrayList<>();
        for (Map<String, Object> map : maps) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(key, key.equals("role") ? value : mark(value, special)));
            marked.add(copy);
        }
        return marked;
    }

    private static Object mark(Object value, List<String> special) {
        return switch (value) {
            case String text -> mark(text, special);
            case List<?> list -> {
                List<Object> marked = new ArrayList<>();
                list.forEach(each -> marked.add(mark(each, special)));
                yield marked;
            }
            case Map<?, ?> map -> {
                Map<String, Object> marked = new LinkedHashMap<>();
                map.forEach((key, each) -> marked.put(String.valueOf(key), mark(each, special)));
                yield marked;
            }
            case null, default -> value;
        };
    }

    private static String mark(String text, List<String> special) {
        String marked = text.replace(String.valueOf(PLAIN_MARK), "");
        for (String token : special) {
            if (marked.contains(token)) {
                marked = marked.replace(token, token.charAt(0) + String.valueOf(PLAIN_MARK) + token.substring(1));
            }
        }
        return marked;
    }
}
