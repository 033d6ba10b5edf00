package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Methods of {@code str}. */
final class StringMethods {
    static final Set<String> NAMES = Set.of(
            "capitalize",
            "casefold",
            "center",
            "count",
            "endswith",
            "expandtabs",
            "find",
            "format",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "upper",
            "zfill");

    private final Budget budget;

    StringMethods(Budget budget) {
        this.budget = budget;
    }

    Object call(Text text, String name, Arguments arguments) {
        budget.make(text.value().length());
        String value = text.value();
        return switch (name) {
            case "upper" -> text.changedTo(value.toUpperCase(Locale.ROOT));
            case "lower" -> text.changedTo(value.toLowerCase(Locale.ROOT));
            case "casefold" -> text.changedTo(value.toLowerCase(Locale.ROOT).replace("ß", "ss"));
            case "swapcase" -> text.changedTo(swapCase(value));
            case "capitalize" -> text.changedTo(capitalize(value));
            case "title" -> text.changedTo(title(value));
            case "strip" -> strip(text, arguments, "strip", true, true);
            case "lstrip" -> strip(text, arguments, "lstrip", true, false);
            case "rstrip" -> strip(text, arguments, "rstrip", false, true);
            case "split" -> split(text, arguments, "split", false);
            case "rsplit" -> split(text, arguments, "rsplit", true);
            case "splitlines" -> lines(text, arguments);
            case "startswith" -> startsOrEnds(text, arguments, "startswith", true);
            case "endswith" -> startsOrEnds(text, arguments, "endswith", false);
            case "removeprefix" -> {
                String prefix = one(arguments, name).value();
                yield value.startsWith(prefix) ? text.slice(prefix.length(), value.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = one(arguments, name).value();
                yield !suffix.isEmpty() && value.endsWith(suffix)
                        ? text.slice(0, value.length() - suffix.length())
                        : text;
            }
            case "replace" -> {
                Object[] a = arguments.bind(name, 2, "old", "new", "count");
                yield replace(
                        text,
                        Values.text(a[0], "what is replaced"),
                        Values.text(a[1], "the replacement"),
                        a[2] == Arguments.ABSENT ? -1 : Values.integer(a[2], "count"));
            }
            case "find" -> find(text, arguments, name, false);
            case "rfind" -> find(text, arguments, name, true);
            case "index", "rindex" -> {
                long at = find(text, arguments, name, name.equals("rindex"));
                if (at < 0) {
                    throw new TemplateException("substring not found");
                }
                yield at;
            }
            case "count" ->
                count(
                        within(text, arguments, name),
                        Values.text(arguments.positional().getFirst(), "what is counted"));
            case "join" -> join(text, one(arguments.bind(name, 1, "iterable")));
            case "partition" -> partition(text, one(arguments, name), false);
            case "rpartition" -> partition(text, one(arguments, name), true);
            case "center", "ljust", "rjust" -> justified(text, arguments, name);
            case "zfill" -> zeroFilled(text, Values.integer(one(arguments.bind(name, 1, "width")), "width"));
            case "expandtabs" -> expandTabs(text, arguments);
            case "format" -> new Formatting(budget).braces(text, arguments);
            default -> property(value, name, arguments);
        };
    }

    private static Object one(Object[] bound) {
        return bound[0];
    }

    private static Text one(Arguments arguments, String method) {
        return Values.text(arguments.bind(method, 1, "value")[0], "the argument of " + method);
    }

    private static Object property(String value, String name, Arguments arguments) {
        arguments.bind(name);
        return switch (name) {
            case "isdigit", "isdecimal", "isnumeric" -> all(value, Character::isDigit);
            case "isalpha" -> all(value, Character::isLetter);
            case "isalnum" -> all(value, Character::isLetterOrDigit);
            case "isspace" -> all(value, Spaces::is);
            case "isascii" -> value.chars().allMatch(c -> c < 128);
            case "isprintable" -> value.codePoints().allMatch(Repr::isPrintable);
            case "isupper" -> cased(value, Character::isUpperCase, Character::isLowerCase);
            case "islower" -> cased(value, Character::isLowerCase, Character::isUpperCase);
            case "istitle" ->
                !value.isEmpty()
                        && cased(value, c -> true, c -> false)
                        && title(value).equals(value);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean all(String value, IntPredicate property) {
        return !value.isEmpty() && value.codePoints().allMatch(property);
    }

    private static boolean cased(String value, IntPredicate wanted, IntPredicate unwanted) {
        return value.codePoints()
                        .anyMatch(c -> wanted.test(c) && (Character.isUpperCase(c) || Character.isLowerCase(c)))
                && value.codePoints().noneMatch(unwanted);
    }

    private static String swapCase(String value) {
        StringBuilder text = new StringBuilder();
        value.codePoints()
                .forEach(c -> text.appendCodePoint(
                        Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)));
        return text.toString();
    }

    static String capitalize(String value) {
        if (value.isEmpty()) {
            return value;
        }
        int first = Character.charCount(value.codePointAt(0));
        return Character.toString(Character.toTitleCase(value.codePointAt(0)))
                + value.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String title(String value) {
        StringBuilder text = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            boolean letter = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
            text.appendCodePoint(letter ? inWord ? Character.toLowerCase(c) : Character.toTitleCase(c) : c);
            inWord = letter;
            i += Character.charCount(c);
        }
        return text.toString();
    }

    private static Text strip(Text text, Arguments arguments, String method, boolean before, boolean behind) {
        Object chars = Arguments.orElse(arguments.bind(method, "chars")[0], null);
        IntPredicate stripped;
        if (chars == null) {
            stripped = Spaces::is;
        } else {
            String set = Values.text(chars, "the argument of " + method).value();
            stripped = c -> set.indexOf(c) >= 0;
        }
        return strip(text, stripped, before, behind);
    }

    static Text strip(Text text, IntPredicate stripped, boolean before, boolean behind) {
        String value = text.value();
        int start = 0;
        int end = value.length();
        while (before && start < end && stripped.test(value.codePointAt(start))) {
            start += Character.charCount(value.codePointAt(start));
        }
        while (behind && end > start && stripped.test(value.codePointBefore(end))) {
            end -= Character.charCount(value.codePointBefore(end));
        }
        return text.slice(start, end);
    }

    private static List<Object> split(Text text, Arguments arguments, String method, boolean fromRight) {
        Object[] a = arguments.bind(method, "sep", "maxsplit");
        long most = Values.integer(Arguments.orElse(a[1], -1L), "maxsplit");
        long limit = most < 0 ? Long.MAX_VALUE : most;
        Object separator = Arguments.orElse(a[0], null);
        List<Object> parts = separator == null
                ? words(text, limit, fromRight)
                : parts(text, Values.text(separator, "the separator").value(), limit, fromRight);
        return fromRight ? parts.reversed().stream().collect(Collectors.toCollection(ArrayList::new)) : parts;
    }

    private static List<Object> parts(Text text, String separator, long limit, boolean fromRight) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        String value = text.value();
        List<Object> parts = new ArrayList<>();
        if (fromRight) {
            int end = value.length();
            for (int at = value.lastIndexOf(separator);
                    at >= 0 && parts.size() < limit;
                    at = end >= separator.length() ? value.lastIndexOf(separator, end - separator.length()) : -1) {
                parts.add(text.slice(at + separator.length(), end));
                end = at;
            }
            parts.add(text.slice(0, end));
        } else {
            int start = 0;
            for (int at = value.indexOf(separator);
                    at >= 0 && parts.size() < limit;
                    at = value.indexOf(separator, start)) {
                parts.add(text.slice(start, at));
                start = at + separator.length();
            }
            parts.add(text.slice(start, value.length()));
        }
        return parts;
    }

    private static List<Object> words(Text text, long limit, boolean fromRight) {
        String value = text.value();
        List<Object> words = new ArrayList<>();
        int start = 0;
        int end = value.length();
        while (true) {
            start = fromRight ? start : Spaces.trimmedStart(value, start, end);
            end = fromRight ? Spaces.trimmedEnd(value, start, end) : end;
            if (start == end) {
                return words;
            }
            if (words.size() == limit) {
                words.add(text.slice(start, end));
                return words;
            }
            int i = fromRight ? end : start;
            if (fromRight) {
                while (i > start && !Spaces.is(value.charAt(i - 1))) {
                    i--;
                }
                words.add(text.slice(i, end));
                end = i;
            } else {
                while (i < end && !Spaces.is(value.charAt(i))) {
                    i++;
                }
                words.add(text.slice(start, i));
                start = i;
            }
        }
    }

    private static List<Object> lines(Text text, Arguments arguments) {
        boolean keepEnds = Values.isTrue(Arguments.orElse(arguments.bind("splitlines", "keepends")[0], false));
        String value = text.value();
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\n'
                    || c == '\r'
                    || c >= 0x0B && c <= 0x0C
                    || c >= 0x1C && c <= 0x1E
                    || c == 0x85
                    || c == 0x2028
                    || c == 0x2029) {
                int end = i + (c == '\r' && i + 1 < value.length() && value.charAt(i + 1) == '\n' ? 2 : 1);
                lines.add(text.slice(start, keepEnds ? end : i));
                start = end;
                i = end - 1;
            }
        }
        if (start < value.length()) {
            lines.add(text.slice(start, value.length()));
        }
        return lines;
    }

    private static boolean startsOrEnds(Text text, Arguments arguments, String method, boolean starts) {
        String value = within(text, arguments, method).value();
        Object asked = arguments.positional().getFirst();
        List<?> candidates =
                asked instanceof Tuple tuple ? tuple : List.of(Values.text(asked, "the argument of " + method));
        for (Object each : candidates) {
            String part = Values.text(each, "the argument of " + method).value();
            if (starts ? value.startsWith(part) : value.endsWith(part)) {
                return true;
            }
        }
        return false;
    }

    /** The part of a text between the second and third argument, code points. */
    private static Text within(Text text, Arguments arguments, String method) {
        Object[] a = arguments.bind(method, 1, "value", "start", "end");
        int length = text.length();
        int start = bound(Arguments.orElse(a[1], null), 0, length);
        int end = bound(Arguments.orElse(a[2], null), length, length);
        return start >= end ? Text.EMPTY : text.slice(text.offset(start), text.offset(end));
    }

    private static int bound(Object value, int absent, int length) {
        if (value == null) {
            return absent;
        }
        long index = Values.integer(value, "an index");
        return Math.clamp(index < 0 ? index + length : index, 0, length);
    }

    private static long find(Text text, Arguments arguments, String method, boolean last) {
        Text part = within(text, arguments, method);
        String asked = Values.text(arguments.positional().getFirst(), "what is looked for")
                .value();
        int at = last ? part.value().lastIndexOf(asked) : part.value().indexOf(asked);
        if (at < 0) {
            return -1;
        }
        Object start =
                arguments.positional().size() > 1 ? arguments.positional().get(1) : null;
        return bound(start, 0, text.length()) + part.value().codePointCount(0, at);
    }

    private static long count(Text text, Text asked) {
        if (asked.isEmpty()) {
            return text.length() + 1L;
        }
        long count = 0;
        for (int at = text.value().indexOf(asked.value());
                at >= 0;
                at = text.value().indexOf(asked.value(), at + asked.value().length())) {
            count++;
        }
        return count;
    }

    Text replace(Text text, Text old, Text replacement, long most) {
        String value = text.value();
        Text.Builder result = new Text.Builder();
        int start = 0;
        long done = 0;
        while (most < 0 || done < most) {
            int at = old.isEmpty()
                    ? (done == 0
                            ? 0
                            : start < value.length() ? start + Character.charCount(value.codePointAt(start)) : -1)
                    : value.indexOf(old.value(), start);
            if (at < 0) {
                break;
            }
            budget.make(replacement.value().length());
            result.append(text.slice(start, at)).append(replacement);
            start = at + old.value().length();
            done++;
        }
        return result.append(text.slice(start, value.length())).build();
    }

    private Text join(Text separator, Object elements) {
        Text.Builder result = new Text.Builder();
        boolean first = true;
        for (Object element : Values.elements(elements)) {
            if (!first) {
                result.append(separator);
            }
            Text text = Values.text(element, "an element that is joined");
            budget.make(text.value().length() + separator.value().length());
            result.append(text);
            first = false;
        }
        return result.build();
    }

    private static Tuple partition(Text text, Text separator, boolean last) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        int at = last
                ? text.value().lastIndexOf(separator.value())
                : text.value().indexOf(separator.value());
        if (at < 0) {
            return last ? Tuple.of(Text.EMPTY, Text.EMPTY, text) : Tuple.of(text, Text.EMPTY, Text.EMPTY);
        }
        int end = at + separator.value().length();
        return Tuple.of(
                text.slice(0, at),
                text.slice(at, end),
                text.slice(end, text.value().length()));
    }

    private Text justified(Text text, Arguments arguments, String method) {
        Object[] a = arguments.bind(method, 1, "width", "fillchar");
        long width = Values.integer(a[0], "width");
        Text fill = Values.text(Arguments.orElse(a[1], Text.of(" ")), "fillchar");
        if (fill.length() != 1) {
            throw new TemplateException("the fill character must be exactly one character long");
        }
        return justified(text, width, fill, method);
    }

    Text justified(Text text, long width, Text fill, String method) {
        long missing = width - text.length();
        if (missing <= 0) {
            return text;
        }
        budget.make(missing);
        int count = (int) missing;
        int before =
                switch (method) {
                    case "ljust" -> 0;
                    case "rjust" -> count;
                    default -> count / 2 + (count & (int) width & 1); // as CPython rounds
                };
        String character = fill.value();
        return Text.of(character.repeat(before)).plus(text).plus(Text.of(character.repeat(count - before)));
    }

    private Text zeroFilled(Text text, long width) {
        long missing = width - text.length();
        if (missing <= 0) {
            return text;
        }
        budget.make(missing);
        boolean sign = text.value().startsWith("-") || text.value().startsWith("+");
        return text.slice(0, sign ? 1 : 0)
                .plus(Text.of("0".repeat((int) missing)))
                .plus(text.slice(sign ? 1 : 0, text.value().length()));
    }

    private Text expandTabs(Text text, Arguments arguments) {
        long size = Values.integer(Arguments.orElse(arguments.bind("expandtabs", "tabsize")[0], 8L), "tabsize");
        Text.Builder result = new Text.Builder();
        long column = 0;
        for (Object character : text.characters()) {
            Text c = (Text) character;
            if (c.value().equals("\t")) {
                long blanks = size <= 0 ? 0 : size - column % size;
                budget.make(blanks);
                result.append(" ".repeat((int) blanks));
                column += blanks;
            } else {
                result.append(c);
                column = c.value().equals("\n") || c.value().equals("\r") ? 0 : column + 1;
            }
        }
        return result.build();
    }
}
