package io.karipap.tokenizer.chat;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites what Jinjava reads otherwise than Jinja does: {@code not a is b} and {@code not a in b} bind as {@code not (a is b)}, and
 * Python's string methods have Java's names.
 */
final class PythonDialect {
    private static final String STRING = "'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final Pattern LITERAL = Pattern.compile(STRING, Pattern.DOTALL);

    /** Everything between double braces or brace and percent sign; these may stand in a string. */
    private static final Pattern EXPRESSION =
            Pattern.compile("\\{[{%](?:" + STRING + "|[^'\"])*?[}%]\\}", Pattern.DOTALL);

    private static final String OPERAND = "[A-Za-z_][\\w.]*(?:\\[[^\\]]*\\])*";
    private static final Pattern NEGATION =
            Pattern.compile("\\bnot\\s+(" + OPERAND + "\\s+(?:is\\s+(?:not\\s+)?\\w+|in\\s+" + OPERAND + "))");
    private static final Map<String, String> METHODS = Map.of(
            ".startswith(", ".startsWith(",
            ".endswith(", ".endsWith(",
            ".lower()", ".toLowerCase()",
            ".upper()", ".toUpperCase()",
            ".lstrip()", ".stripLeading()",
            ".rstrip()", ".stripTrailing()");
    private static final Pattern FILTER = Pattern.compile("\\|\\s*([a-z_]+)");
    private static final Pattern TEST = Pattern.compile("\\bis\\s+(?:not\\s+)?([a-z_]+)");

    private PythonDialect() {}

    /** Names of all filters in a template. */
    static Set<String> filters(String template) {
        return names(template, FILTER);
    }

    /** Names of all tests ({@code x is name}) in a template. */
    static Set<String> tests(String template) {
        return names(template, TEST);
    }

    private static Set<String> names(String template, Pattern pattern) {
        Set<String> names = new LinkedHashSet<>();
        EXPRESSION.matcher(template).results().forEach(expression -> pattern.matcher(
                        LITERAL.matcher(expression.group()).replaceAll("''"))
                .results()
                .forEach(match -> names.add(match.group(1))));
        return names;
    }

    static String translate(String template) {
        return EXPRESSION.matcher(template).replaceAll(match -> {
            String expression = NEGATION.matcher(match.group()).replaceAll("not ($1)");
            for (Map.Entry<String, String> method : METHODS.entrySet()) {
                expression = expression.replace(method.getKey(), method.getValue());
            }
            return Matcher.quoteReplacement(expression);
        });
    }
}
