package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar;
import io.karipap.json.Json;
import io.karipap.tokenizer.chat.ChatPrompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Models whose template knows no tools: they are told in the first message, in the words that Gemma's authors recommend, and the answer is
 * {@code {"name": …, "parameters": …}} or a list of such objects. Calls and their results in the conversation become text.
 */
record GenericFormat() implements ToolFormat {
    @Override
    public List<String> marks() {
        return List.of();
    }

    @Override
    public CallReader reader(Predicate<String> known) {
        return new JsonCallReader("", "", true, known);
    }

    @Override
    public Grammar calls(Map<String, Grammar> tools, boolean several, Marks marks) {
        Grammar call = CallForm.object(tools, "parameters");
        return several ? choice(call, sequence(text("["), CallForm.list(call, ", ", true), text("]"))) : call;
    }

    @Override
    public Grammar textOrCalls(Map<String, Grammar> tools, boolean several, Marks marks) {
        List<String> beginnings = new ArrayList<>(CallForm.beginnings(tools));
        CallForm.beginnings(tools).forEach(beginning -> beginnings.add("[" + beginning));
        return choice(calls(tools, several, marks), OtherText.notBeginningWith(beginnings));
    }

    @Override
    public ChatPrompt prompt(ChatPrompt asked) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (Map<String, Object> message : asked.messages()) {
            add(messages, asText(message));
        }
        if (!asked.tools().isEmpty()) {
            tell(messages, instructions(asked.tools()));
        }
        return new ChatPrompt(messages, List.of(), asked.documents(), asked.variables(), asked.end());
    }

    private static String instructions(List<Map<String, Object>> tools) {
        List<Object> functions = new ArrayList<>();
        tools.forEach(tool -> functions.add(tool.getOrDefault("function", tool)));
        return "You have access to functions. If you decide to invoke any of the function(s), you MUST put it in the format of\n"
                + "{\"name\": function name, \"parameters\": dictionary of argument name and its value}\n\n"
                + "You SHOULD NOT include any other text in the response if you call a function\n"
                + Json.text(Json.tree(functions));
    }

    private static void tell(List<Map<String, Object>> messages, String instructions) {
        int first = 0;
        while (first < messages.size()
                && !List.of("system", "user").contains(messages.get(first).get("role"))) {
            first++;
        }
        if (first == messages.size()) {
            messages.addFirst(Map.of("role", "user", "content", instructions));
            return;
        }
        Map<String, Object> told = new LinkedHashMap<>(messages.get(first));
        told.put("content", instructions + "\n\n" + told.get("content"));
        messages.set(first, told);
    }

    /** Results of several calls are one message, because questions and answers take turns. */
    private static void add(List<Map<String, Object>> messages, Map<String, Object> message) {
        boolean joined = message.get("role").equals("user")
                && message.containsKey("tool_call_id")
                && !messages.isEmpty()
                && messages.getLast().containsKey("tool_call_id");
        if (!joined) {
            messages.add(message);
            return;
        }
        Map<String, Object> both = new LinkedHashMap<>(messages.getLast());
        both.put("content", both.get("content") + "\n" + message.get("content"));
        messages.set(messages.size() - 1, both);
    }

    private static Map<String, Object> asText(Map<String, Object> message) {
        Map<String, Object> text = new LinkedHashMap<>(message);
        if ("tool".equals(message.get("role"))) {
            text.put("role", "user");
            text.put("content", "```tool_output\n" + message.get("content") + "\n```");
            text.putIfAbsent("tool_call_id", "");
        } else if (message.get("tool_calls") instanceof List<?> calls && !calls.isEmpty()) {
            List<String> written = new ArrayList<>();
            for (Object call : calls) {
                if (call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function) {
                    written.add("{\"name\": " + Json.text(function.get("name")) + ", \"parameters\": "
                            + Json.text(Json.tree(function.get("arguments"))) + "}");
                }
            }
            text.remove("tool_calls");
            text.put("content", written.size() == 1 ? written.getFirst() : written.toString());
        }
        return text;
    }
}
