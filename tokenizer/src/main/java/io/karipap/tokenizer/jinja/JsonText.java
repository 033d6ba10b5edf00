package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** JSON as Python's {@code json.dumps(value, ensure_ascii=False)} writes it: models are trained on such text. */
final class JsonText {
    private static final int MAX_DEPTH = 100;

    private final int indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sortKeys;
    private final Text.Builder json = new Text.Builder();

    /** @param indent blanks a level; below 0 for a single line */
    JsonText(int indent, String itemSeparator, String keySeparator, boolean sortKeys) {
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sortKeys = sortKeys;
    }

    /** @throws TemplateException if the value is not one of JSON */
    Text write(Object value) {
        write(value, 0);
        return json.build();
    }

    private void write(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new TemplateException("a value for JSON is nested more than " + MAX_DEPTH + " deep");
        }
        switch (value) {
            case null -> json.append("null");
            case Boolean bool -> json.append(bool.toString());
            case Long number -> json.append(number.toString());
            case Double number -> json.append(real(number));
            case Text text -> quoted(text);
            case Map<?, ?> map -> entries(map, depth);
            case List<?> list when !(list instanceof Range) -> elements(list, depth);
            default ->
                throw new TemplateException("Object of type " + Values.type(value) + " is not JSON serializable");
        }
    }

    private static String real(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Repr.real(number);
    }

    private void elements(List<?> list, int depth) {
        json.append("[");
        for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
            newLine(depth + 1);
            write(each.next(), depth + 1);
            if (each.hasNext()) {
                json.append(itemSeparator);
            }
        }
        end("]", list.isEmpty(), depth);
    }

    private void entries(Map<?, ?> map, int depth) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sortKeys) {
            entries.sort(Comparator.comparing(Map.Entry::getKey, (a, b) -> Values.compare(a, b, "<")));
        }
        json.append("{");
        for (Iterator<Map.Entry<?, ?>> each = entries.iterator(); each.hasNext(); ) {
            Map.Entry<?, ?> entry = each.next();
            newLine(depth + 1);
            quoted(key(entry.getKey()));
            json.append(keySeparator);
            write(entry.getValue(), depth + 1);
            if (each.hasNext()) {
                json.append(itemSeparator);
            }
        }
        end("}", map.isEmpty(), depth);
    }

    private static Text key(Object key) {
        return switch (key) {
            case null -> Text.of("null");
            case Text text -> text;
            case Boolean bool -> Text.of(bool.toString());
            case Long number -> Text.of(number.toString());
            case Double number -> Text.of(real(number));
            default -> throw new TemplateException("a key of JSON is a " + Values.type(key));
        };
    }

    private void newLine(int depth) {
        if (indent >= 0) {
            json.append("\n" + " ".repeat(indent * depth));
        }
    }

    private void end(String bracket, boolean empty, int depth) {
        if (!empty) {
            newLine(depth);
        }
        json.append(bracket);
    }

    private void quoted(Text text) {
        json.append("\"");
        String value = text.value();
        for (int i = 0; i < value.length(); i++) {
            json.append(escaped(value.charAt(i)), text, i);
        }
        json.append("\"");
    }

    private static String escaped(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c);
        };
    }
}
