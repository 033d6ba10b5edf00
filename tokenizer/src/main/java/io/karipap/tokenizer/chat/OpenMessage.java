package io.karipap.tokenizer.chat;

import io.karipap.tokenizer.jinja.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last message of a prompt, left open: its text is rendered with a mark at its end, and the prompt ends where the mark stands. As
 * {@code continue_final_message} of transformers does it.
 */
final class OpenMessage {
    /** The space tells whether the template trims what it is given. */
    private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";

    private OpenMessage() {}

    /**
     * The messages with the mark.
     *
     * @throws ChatTemplateException if the last message has no text
     */
    static List<Map<String, Object>> marked(List<Map<String, Object>> messages) {
        Map<String, Object> last = messages.isEmpty() ? Map.of() : new LinkedHashMap<>(messages.getLast());
        if (last.get("content") instanceof String text) {
            last.put("content", text + MARK);
        } else if (last.get("content") instanceof List<?> parts) {
            last.put("content", markedParts(parts));
        } else {
            throw noText();
        }
        List<Map<String, Object>> marked = new ArrayList<>(messages.subList(0, messages.size() - 1));
        marked.add(last);
        return marked;
    }

    private static List<Object> markedParts(List<?> parts) {
        List<Object> marked = new ArrayList<>(parts);
        for (int i = marked.size() - 1; i >= 0; i--) {
            if (marked.get(i) instanceof Map<?, ?> part && part.get("text") instanceof String text) {
                Map<Object, Object> changed = new LinkedHashMap<>(part);
                changed.put("text", text + MARK);
                marked.set(i, changed);
                return marked;
            }
        }
        throw noText();
    }

    private static ChatTemplateException noText() {
        return new ChatTemplateException("the last message has no text that could be continued");
    }

    /**
     * The rendered text up to the mark.
     *
     * @throws ChatTemplateException if the template leaves out the message or a part of it
     */
    static Template.Rendered cut(Template.Rendered rendered) {
        String text = rendered.text();
        int at = text.lastIndexOf(MARK.strip());
        if (at < 0) {
            throw new ChatTemplateException(
                    "the chat template does not write the last message as it is, so it cannot be continued");
        }
        String before = text.substring(0, at);
        return new Template.Rendered(text.startsWith(MARK, at) ? before : before.stripTrailing(), rendered.outside());
    }
}
