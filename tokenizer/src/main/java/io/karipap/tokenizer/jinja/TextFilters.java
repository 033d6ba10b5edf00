package io.karipap.tokenizer.jinja;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Filters of texts, and {@code tojson}. */
final class TextFilters {
    private static final Text BLANK = Text.of(" ");

    private TextFilters() {}

    static void define(Map<String, Filters.Filter> filters) {
        method(filters, "upper", "upper");
        method(filters, "lower", "lower");
        method(filters, "title", "title");
        filters.put("capitalize", (f, value, a) -> {
            a.bind("capitalize");
            Text text = Repr.str(value);
            return text.changedTo(StringMethods.capitalize(text.value()));
        });
        filters.put("title", (f, value, a) -> {
            a.bind("title");
            return title(Repr.str(value));
        });
        filters.put("trim", (f, value, a) -> {
            Object chars = Arguments.orElse(a.bind("trim", "chars")[0], null);
            return f.evaluator()
                    .strings()
                    .call(Repr.str(value), "strip", chars == null ? Arguments.NONE : Arguments.of(chars));
        });
        filters.put("replace", (f, value, a) -> {
            Object[] bound = a.bind("replace", 2, "old", "new", "count");
            return f.evaluator()
                    .strings()
                    .replace(
                            Repr.str(value),
                            Repr.str(bound[0]),
                            Repr.str(bound[1]),
                            Arguments.orElse(bound[2], null) == null ? -1 : Values.integer(bound[2], "count"));
        });
        filters.put("string", (f, value, a) -> Repr.str(value));
        filters.put("safe", (f, value, a) -> Repr.str(value).asMarkup(true));
        filters.put("escape", (f, value, a) -> Repr.str(value).escaped());
        filters.put("e", filters.get("escape"));
        filters.put(
                "forceescape", (f, value, a) -> Repr.str(value).asMarkup(false).escaped());
        filters.put("center", (f, value, a) -> f.evaluator()
                .strings()
                .justified(
                        Repr.str(value),
                        Values.integer(Arguments.orElse(a.bind("center", "width")[0], 80L), "width"),
                        BLANK,
                        "center"));
        filters.put("indent", TextFilters::indent);
        filters.put("format", (f, value, a) -> new Formatting(f.budget())
                .percent(Repr.str(value), a.named().isEmpty() ? new Tuple(a.positional()) : named(a.named())));
        filters.put("truncate", TextFilters::truncate);
        filters.put("wordcount", (f, value, a) -> Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS)
                .matcher(Repr.str(value).value())
                .results()
                .count());
        filters.put("urlencode", (f, value, a) -> urlEncoded(Repr.str(value)));
        filters.put("striptags", (f, value, a) -> {
            Text text = Repr.str(value);
            String stripped = text.value()
                    .replaceAll("(?s)<!--.*?-->|<[^>]*>", "")
                    .strip()
                    .replaceAll("\\s+", " ");
            return text.changedTo(stripped);
        });
    }

    private static void method(Map<String, Filters.Filter> filters, String filter, String method) {
        filters.put(filter, (f, value, a) -> f.evaluator().strings().call(Repr.str(value), method, a));
    }

    /** First letters of words upper, the others lower; a word begins after blanks, hyphens and brackets. */
    private static Text title(Text text) {
        StringBuilder changed = new StringBuilder();
        boolean begins = true;
        for (int i = 0; i < text.value().length(); ) {
            int c = text.value().codePointAt(i);
            changed.append(
                    begins
                            ? Character.toString(c).toUpperCase(Locale.ROOT)
                            : Character.toString(c).toLowerCase(Locale.ROOT));
            begins = Spaces.is(c) || "-([{<".indexOf(c) >= 0;
            i += Character.charCount(c);
        }
        return text.changedTo(changed.toString());
    }

    private static Object named(Map<String, Object> values) {
        Map<Object, Object> map = new LinkedHashMap<>();
        values.forEach((key, value) -> map.put(Text.of(key), value));
        return map;
    }

    private static Object indent(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("indent", "width", "first", "blank");
        Object width = Arguments.orElse(bound[0], 4L);
        boolean first = Values.isTrue(Arguments.orElse(bound[1], false));
        boolean blank = Values.isTrue(Arguments.orElse(bound[2], false));
        Text indentation;
        if (width instanceof Text text) {
            indentation = text;
        } else {
            long blanks = Math.max(0, Values.integer(width, "width"));
            f.budget().make(blanks);
            indentation = Text.of(" ".repeat((int) blanks));
        }
        Text text = Values.text(value, "what is indented").plus(Text.of("\n")); // so that a last empty line is kept
        List<Object> lines = Values.elements(f.evaluator().strings().call(text, "splitlines", Arguments.NONE));
        Text.Builder result = new Text.Builder();
        for (int i = 0; i < lines.size(); i++) {
            Text line = (Text) lines.get(i);
            boolean indented = i == 0 ? first : blank || !line.isEmpty();
            f.budget().make(indentation.value().length() + 1L);
            result.append(i == 0 ? "" : "\n");
            if (indented) {
                result.append(indentation);
            }
            result.append(line);
        }
        return result.build();
    }

    private static Object truncate(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("truncate", "length", "killwords", "end", "leeway");
        long length = Values.integer(Arguments.orElse(bound[0], 255L), "length");
        boolean killWords = Values.isTrue(Arguments.orElse(bound[1], false));
        Text end = Values.text(Arguments.orElse(bound[2], Text.of("...")), "end");
        long leeway = Values.integer(Arguments.orElse(bound[3], 5L), "leeway");
        if (length < end.length() || leeway < 0) {
            throw new TemplateException("truncate expects a length of at least " + end.length());
        }
        if (Values.length(value) <= length + leeway) {
            return value;
        }
        Text text = Values.text(value, "what is truncated");
        Text cut = text.slice(0, text.offset((int) (length - end.length())));
        if (!killWords) {
            int blank = cut.value().lastIndexOf(' ');
            cut = blank < 0 ? cut : cut.slice(0, blank);
        }
        return cut.plus(end);
    }

    private static Text urlEncoded(Text text) {
        String encoded = URLEncoder.encode(text.value(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%7E", "~")
                .replace("*", "%2A");
        return text.changedTo(encoded);
    }

    static Object toJson(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = Arguments.orElse(bound[1], null);
        int width = indent == null ? -1 : Math.clamp(Values.integer(indent, "indent"), 0, 16);
        String items = width < 0 ? ", " : ",";
        String keys = ": ";
        if (Arguments.orElse(bound[2], null) instanceof List<?> separators && separators.size() == 2) {
            items = Values.text(separators.get(0), "a separator").value();
            keys = Values.text(separators.get(1), "a separator").value();
        }
        boolean sort = Values.isTrue(Arguments.orElse(bound[3], false));
        Text json = new JsonText(width, items, keys, sort).write(Values.defined(value));
        f.budget().make(json.value().length());
        if (Values.isTrue(Arguments.orElse(bound[0], false))) {
            Text.Builder ascii = new Text.Builder();
            for (int i = 0; i < json.value().length(); i++) {
                char c = json.value().charAt(i);
                ascii.append(c < 128 ? String.valueOf(c) : String.format("\\u%04x", (int) c), json, i);
            }
            return ascii.build();
        }
        return json;
    }
}
