package io.karipap.tokenizer.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.AdvancedFilter;
import io.karipap.json.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The filter {@code tojson}, spaced as Python's {@code json.dumps} spaces it: models are trained on such text. */
public final class PythonJsonFilter implements AdvancedFilter {

    @Override
    public String getName() {
        return "tojson";
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, Object[] args, Map<String, Object> named) {
        Object indent = named.getOrDefault("indent", args.length > 0 ? args[0] : null);
        StringBuilder json = new StringBuilder();
        write(value, indent instanceof Number number ? number.intValue() : -1, 0, json);
        return json.toString();
    }

    private static void write(Object value, int indent, int depth, StringBuilder json) {
        switch (value) {
            case null -> json.append("null");
            case Map<?, ?> map -> {
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                json.append('{');
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    newLine(indent, depth + 1, json);
                    write(String.valueOf(entry.getKey()), indent, depth + 1, json);
                    json.append(": ");
                    write(entry.getValue(), indent, depth + 1, json);
                    json.append(separator(entries.hasNext(), indent));
                }
                end('}', map.isEmpty(), indent, depth, json);
            }
            case List<?> list -> {
                Iterator<?> elements = list.iterator();
                json.append('[');
                while (elements.hasNext()) {
                    newLine(indent, depth + 1, json);
                    write(elements.next(), indent, depth + 1, json);
                    json.append(separator(elements.hasNext(), indent));
                }
                end(']', list.isEmpty(), indent, depth, json);
            }
            case Number number -> json.append(number);
            case Boolean bool -> json.append(bool);
            default -> json.append(Json.text(value.toString()));
        }
    }

    private static String separator(boolean more, int indent) {
        return !more ? "" : indent < 0 ? ", " : ",";
    }

    private static void newLine(int indent, int depth, StringBuilder json) {
        if (indent >= 0) {
            json.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private static void end(char bracket, boolean empty, int indent, int depth, StringBuilder json) {
        if (!empty) {
            newLine(indent, depth, json);
        }
        json.append(bracket);
    }
}
