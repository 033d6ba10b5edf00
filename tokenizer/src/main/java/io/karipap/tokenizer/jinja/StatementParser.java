package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Expression.Call;
import io.karipap.tokenizer.jinja.Expression.CallArguments;
import io.karipap.tokenizer.jinja.Expression.Filtered;
import io.karipap.tokenizer.jinja.Statement.*;
import io.karipap.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Statements: what stands between <code>{%</code> and <code>%}</code>, and the text around it. */
final class StatementParser {
    private static final int MAX_DEPTH = 100;
    private static final java.util.Set<String> RESERVED =
            java.util.Set.of("true", "false", "none", "True", "False", "None", "loop");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** @throws TemplateException if the template is malformed, or uses a tag, filter or test that there is not */
    static List<Statement> parse(String source) {
        StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(source)));
        List<Statement> statements = parser.body(List.of());
        if (parser.tokens.current().kind() != Kind.END) {
            throw parser.tokens.expected("the end of the template");
        }
        return statements;
    }

    /** Statements up to a tag of one of these names; the stream then stands at the name. */
    private List<Statement> body(List<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(tokens.line(), "blocks are nested more than " + MAX_DEPTH + " deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            switch (token.kind()) {
                case DATA -> statements.add(new Data(Text.of(tokens.next().text())));
                case VARIABLE_BEGIN -> {
                    tokens.next();
                    statements.add(new Print(expressions.tuple()));
                    tokens.expect(Kind.VARIABLE_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    if (tokens.look().kind() == Kind.NAME
                            && ends.contains(tokens.look().text())) {
                        tokens.next();
                        depth--;
                        return statements;
                    }
                    tokens.next();
                    statements.add(statement());
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.expected("'" + String.join("' or '", ends) + "'");
                    }
                    depth--;
                    return statements;
                }
            }
        }
    }

    /** A body after the end of its tag, with its end tag. */
    private List<Statement> bodyAndEnd(String end) {
        endTag();
        List<Statement> body = body(List.of(end));
        tokens.next();
        endTag();
        return body;
    }

    private void endTag() {
        tokens.expect(Kind.BLOCK_END, "'%}'");
    }

    private Statement statement() {
        Token tag = tokens.expect(Kind.NAME, "the name of a tag");
        return switch (tag.text()) {
            case "if" -> ifStatement();
            case "for" -> forStatement(tag.line());
            case "set" -> set();
            case "macro" -> macro();
            case "call" -> call(tag.line());
            case "filter" -> filterBlock();
            case "with" -> with();
            case "generation" -> new Scope(bodyAndEnd("endgeneration"));
            case "break" -> {
                requireLoop(tag);
                endTag();
                yield new Break(tag.line());
            }
            case "continue" -> {
                requireLoop(tag);
                endTag();
                yield new Continue(tag.line());
            }
            default -> throw new TemplateException(tag.line(), "there is no tag '" + tag.text() + "'");
        };
    }

    private void requireLoop(Token tag) {
        if (loops == 0) {
            throw new TemplateException(tag.line(), "'" + tag.text() + "' stands outside of a loop");
        }
    }

    private Statement ifStatement() {
        Expression condition = expressions.tuple();
        endTag();
        List<Statement> then = body(List.of("elif", "else", "endif"));
        List<Statement> otherwise = List.of();
        switch (tokens.next().text()) {
            case "elif" -> {
                return new If(condition, then, List.of(ifStatement()));
            }
            case "else" -> otherwise = bodyAndEnd("endif");
            default -> endTag();
        }
        return new If(condition, then, otherwise);
    }

    private Statement forStatement(int line) {
        Target target = target(List.of("in"));
        tokens.expectName("in");
        Expression elements = expressions.withoutCondition();
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        endTag();
        loops++;
        List<Statement> body = body(List.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.next().text().equals("else")) {
            otherwise = bodyAndEnd("endfor");
        } else {
            endTag();
        }
        return new For(line, target, elements, filter, recursive, body, otherwise);
    }

    private Target target(List<String> ends) {
        int line = tokens.line();
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        while (true) {
            if (!targets.isEmpty()) {
                if (!tokens.skipOperator(",")) {
                    break;
                }
                several = true;
            }
            Token token = tokens.current();
            if (token.kind() == Kind.BLOCK_END
                    || tokens.isOperator("=")
                    || tokens.isOperator(")")
                    || token.kind() == Kind.NAME && ends.contains(token.text())) {
                break;
            }
            targets.add(oneTarget());
        }
        if (targets.isEmpty()) {
            throw tokens.expected("a name to assign to");
        }
        return several ? new Target.Several(line, targets) : targets.getFirst();
    }

    private Target oneTarget() {
        if (tokens.skipOperator("(")) {
            Target inside = target(List.of());
            tokens.expectOperator(")");
            return inside;
        }
        String name = assignable();
        if (tokens.isOperator(".")) {
            int line = tokens.next().line();
            return new Target.Attribute(
                    line, name, tokens.expect(Kind.NAME, "a name").text());
        }
        return new Target.Variable(name);
    }

    private String assignable() {
        Token name = tokens.expect(Kind.NAME, "a name to assign to");
        if (RESERVED.contains(name.text())) {
            throw new TemplateException(name.line(), "'" + name.text() + "' cannot be assigned to");
        }
        return name.text();
    }

    private Statement set() {
        Target target = target(List.of());
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple();
            endTag();
            return new Statement.Set(target, value);
        }
        List<Filtered> filters = filterChain();
        return new SetBlock(target, filters, bodyAndEnd("endset"));
    }

    /** Filters from the first to the last, each behind a bar. */
    private List<Filtered> filterChain() {
        List<Filtered> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            filters.add(expressions.filter(null));
        }
        return filters;
    }

    private Statement filterBlock() {
        List<Filtered> filters = new ArrayList<>(List.of(expressions.filter(null)));
        filters.addAll(filterChain());
        return new FilterBlock(filters, bodyAndEnd("endfilter"));
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(new Target.Variable(assignable()));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new With(targets, values, bodyAndEnd("endwith"));
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME, "the name of the macro").text();
        return new MacroDefinition(name, signature(name, "endmacro"));
    }

    /** Parameters, and the body outside of any loop: it cannot break one. */
    private Signature signature(String name, String end) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        java.util.Set<String> outer = expressions.startMentions();
        parameters(parameters, defaults);
        List<Statement> body = outsideOfLoops(end);
        return new Signature(name, parameters, defaults, body, expressions.endMentions(outer));
    }

    private List<Statement> outsideOfLoops(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = bodyAndEnd(end);
        loops = outer;
        return body;
    }

    private void parameters(List<String> parameters, List<Expression> defaults) {
        tokens.expectOperator("(");
        while (!tokens.isOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(assignable());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.expected("a default value as the parameters before have");
            }
        }
        tokens.expectOperator(")");
    }

    private Statement call(int line) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        java.util.Set<String> outer = expressions.startMentions();
        if (tokens.isOperator("(")) {
            parameters(parameters, defaults);
        }
        if (!(expressions.expression() instanceof Call call)) {
            throw new TemplateException(line, "expected a call in the tag 'call'");
        }
        CallArguments arguments = call.arguments();
        List<Statement> body = outsideOfLoops("endcall");
        return new CallBlock(
                line,
                call.function(),
                arguments,
                new Signature("caller", parameters, defaults, body, expressions.endMentions(outer)));
    }
}
