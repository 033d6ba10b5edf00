package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Expression.*;
import io.karipap.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Expressions, by recursive descent in Jinja's order of precedence. */
final class ExpressionParser {
    private static final int MAX_DEPTH = 100;

    /** Names that mean something in a macro only. */
    private static final Set<String> OF_MACROS = Set.of("caller", "varargs", "kwargs");

    private final TokenStream tokens;
    private Set<String> mentions = new HashSet<>();
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** Begins to note which of {@link #OF_MACROS} are mentioned; returns what was noted before. */
    Set<String> startMentions() {
        Set<String> outer = mentions;
        mentions = new HashSet<>();
        return outer;
    }

    /** What was mentioned since {@link #startMentions}; it is mentioned in what lies around, too. */
    Set<String> endMentions(Set<String> outer) {
        Set<String> inner = Set.copyOf(mentions);
        outer.addAll(inner);
        mentions = outer;
        return inner;
    }

    /** An expression without commas. */
    Expression expression() {
        return conditional(true);
    }

    /** An expression that does not take an {@code if} behind it: what a loop goes through. */
    Expression withoutCondition() {
        return tuple(false, List.of("recursive"));
    }

    /** One expression, or several with commas between them. */
    Expression tuple() {
        return tuple(true, List.of());
    }

    private Expression tuple(boolean withCondition, List<String> endNames) {
        int line = tokens.line();
        List<Expression> elements = new ArrayList<>();
        boolean isTuple = false;
        while (true) {
            if (!elements.isEmpty()) {
                if (!tokens.skipOperator(",")) {
                    break;
                }
                isTuple = true;
            }
            if (endsTuple(endNames)) {
                break;
            }
            elements.add(conditional(withCondition));
        }
        if (elements.isEmpty()) {
            throw tokens.expected("an expression");
        }
        return isTuple ? new TupleOf(line, elements) : elements.getFirst();
    }

    private boolean endsTuple(List<String> endNames) {
        Token token = tokens.current();
        return token.kind() == Kind.VARIABLE_END
                || token.kind() == Kind.BLOCK_END
                || tokens.isOperator(")")
                || token.kind() == Kind.NAME && endNames.contains(token.text());
    }

    private Expression conditional(boolean withCondition) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(tokens.line(), "an expression is nested more than " + MAX_DEPTH + " deep");
        }
        try {
            int line = tokens.line();
            Expression value = or();
            while (withCondition && tokens.skipName("if")) {
                Expression condition = or();
                Expression otherwise = tokens.skipName("else") ? conditional(true) : null;
                value = new Conditional(line, condition, value, otherwise);
                line = tokens.line();
            }
            return value;
        } finally {
            depth--;
        }
    }

    private Expression or() {
        Expression left = and();
        while (tokens.isName("or")) {
            int line = tokens.next().line();
            left = new Junction(line, left, and(), false);
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.isName("and")) {
            int line = tokens.next().line();
            left = new Junction(line, left, not(), true);
        }
        return left;
    }

    private Expression not() {
        int nots = 0;
        int line = tokens.line();
        while (tokens.skipName("not")) {
            nots++;
        }
        Expression value = comparison();
        for (int i = 0; i < nots; i++) {
            value = new Not(line, value);
        }
        return value;
    }

    private Expression comparison() {
        int line = tokens.line();
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            if (tokens.isOneOf(List.of("==", "!=", "<", "<=", ">", ">="))) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (tokens.isName("not") && tokens.look().is(Kind.NAME, "in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Comparison(line, first, operators, others);
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.isOneOf(List.of("+", "-"))) {
            Token operator = tokens.next();
            left = new Binary(operator.line(), operator.text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        int line = tokens.line();
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.getFirst() : new Concatenation(line, parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.isOneOf(List.of("*", "/", "//", "%"))) {
            Token operator = tokens.next();
            left = new Binary(operator.line(), operator.text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.isOperator("**")) {
            Token operator = tokens.next();
            left = new Binary(operator.line(), "**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilter) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(tokens.line(), "an expression is nested more than " + MAX_DEPTH + " deep");
        }
        Token token = tokens.current();
        Expression value;
        if (tokens.skipOperator("-")) {
            value = new Sign(token.line(), unary(false), true);
        } else if (tokens.skipOperator("+")) {
            value = new Sign(token.line(), unary(false), false);
        } else {
            value = primary();
        }
        value = postfix(value);
        depth--;
        return withFilter ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.current();
        switch (token.kind()) {
            case NAME -> {
                tokens.next();
                if (OF_MACROS.contains(token.text())) {
                    mentions.add(token.text());
                }
                return switch (token.text()) {
                    case "true", "True" -> new Constant(token.line(), true);
                    case "false", "False" -> new Constant(token.line(), false);
                    case "none", "None" -> new Constant(token.line(), null);
                    default -> new Name(token.line(), token.text());
                };
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                return new Constant(token.line(), Text.of(text.toString()));
            }
            case INTEGER -> {
                try {
                    return new Constant(
                            token.line(), Long.parseLong(tokens.next().text()));
                } catch (NumberFormatException e) {
                    throw new TemplateException(token.line(), "the number " + token.text() + " is too large");
                }
            }
            case FLOAT -> {
                return new Constant(
                        token.line(), Double.parseDouble(tokens.next().text()));
            }
            default -> {
                if (tokens.skipOperator("(")) {
                    Expression inside =
                            tokens.isOperator(")") ? new TupleOf(token.line(), List.of()) : tuple(true, List.of());
                    tokens.expectOperator(")");
                    return inside;
                }
                if (tokens.skipOperator("[")) {
                    return list(token.line());
                }
                if (tokens.skipOperator("{")) {
                    return dict(token.line());
                }
                throw tokens.expected("an expression");
            }
        }
    }

    private Expression list(int line) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.isOperator("]")) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.isOperator("]")) {
                    break;
                }
            }
            elements.add(expression());
        }
        tokens.expectOperator("]");
        return new ListOf(line, elements);
    }

    private Expression dict(int line) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.isOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.isOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        tokens.expectOperator("}");
        return new DictOf(line, keys, values);
    }

    private Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.isOperator(".")) {
                result = attribute(result);
            } else if (tokens.isOperator("[")) {
                result = subscript(result);
            } else if (tokens.isOperator("(")) {
                result = called(result);
            } else {
                return result;
            }
        }
    }

    /** A call; what is called by the name of a method that no value has is refused, whatever the value will be. */
    private Expression called(Expression function) {
        if (function instanceof Attribute(int line, Expression object, String name) && !Methods.known(name)) {
            throw new TemplateException(line, "there is no method '" + name + "'");
        }
        return new Call(tokens.line(), function, arguments());
    }

    private Expression attribute(Expression object) {
        int line = tokens.next().line();
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME -> new Attribute(line, object, name.text());
            case INTEGER -> new Item(line, object, new Constant(line, Long.parseLong(name.text())));
            default -> throw new TemplateException(line, "expected a name behind '.' but found " + name.described());
        };
    }

    private Expression subscript(Expression object) {
        int line = tokens.next().line();
        List<Expression> indices = new ArrayList<>();
        Expression result = null;
        while (!tokens.isOperator("]")) {
            if (!indices.isEmpty() || result != null) {
                throw tokens.expected("']'");
            }
            Expression start = tokens.isOperator(":") ? null : expression();
            if (tokens.isOperator(":")) {
                tokens.next();
                Expression stop = tokens.isOperator(":") || tokens.isOperator("]") ? null : expression();
                Expression step = tokens.skipOperator(":") && !tokens.isOperator("]") ? expression() : null;
                result = new Slice(line, object, start, stop, step);
            } else {
                indices.add(start);
                result = new Item(line, object, start);
            }
        }
        if (result == null) {
            throw tokens.expected("an expression");
        }
        tokens.next();
        return result;
    }

    /** Arguments of a call in parentheses. */
    CallArguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Expression> named = new ArrayList<>();
        Expression spread = null;
        Expression spreadNamed = null;
        boolean first = true;
        while (!tokens.isOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.isOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.isOperator("*") && spread == null && spreadNamed == null) {
                tokens.next();
                spread = expression();
            } else if (tokens.isOperator("**") && spreadNamed == null) {
                tokens.next();
                spreadNamed = expression();
            } else if (tokens.current().kind() == Kind.NAME
                    && tokens.look().is(Kind.OPERATOR, "=")
                    && spreadNamed == null) {
                names.add(tokens.next().text());
                tokens.next();
                named.add(expression());
            } else if (named.isEmpty() && spread == null && spreadNamed == null) {
                positional.add(expression());
            } else {
                throw tokens.expected("a named argument");
            }
        }
        tokens.expectOperator(")");
        return new CallArguments(positional, names, named, spread, spreadNamed);
    }

    private Expression filters(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.isOperator("|")) {
                tokens.next();
                result = filter(result);
            } else if (tokens.isName("is")) {
                result = test(result);
            } else if (tokens.isOperator("(")) {
                result = called(result);
            } else {
                return result;
            }
        }
    }

    /** A filter behind its bar. */
    Filtered filter(Expression value) {
        int line = tokens.line();
        String name = dottedName();
        if (!Filters.has(name)) {
            throw new TemplateException(line, "there is no filter '" + name + "'");
        }
        return new Filtered(line, value, name, tokens.isOperator("(") ? arguments() : CallArguments.NONE);
    }

    private String dottedName() {
        StringBuilder name =
                new StringBuilder(tokens.expect(Kind.NAME, "a name").text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME, "a name").text());
        }
        return name.toString();
    }

    private Expression test(Expression value) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        String name = dottedName();
        if (!Tests.has(name)) {
            throw new TemplateException(line, "there is no test '" + name + "'");
        }
        CallArguments arguments = CallArguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (beginsArgument()) {
            if (tokens.isName("is")) {
                throw new TemplateException(line, "tests cannot be chained with 'is'");
            }
            arguments = new CallArguments(List.of(postfix(primary())), List.of(), List.of(), null, null);
        }
        return new Test(line, value, name, arguments, negated);
    }

    private boolean beginsArgument() {
        return switch (tokens.current().kind()) {
            case NAME -> !tokens.isName("else") && !tokens.isName("or") && !tokens.isName("and");
            case STRING, INTEGER, FLOAT -> true;
            default -> tokens.isOneOf(List.of("(", "[", "{"));
        };
    }
}
