package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Token.Kind;
import java.util.List;

/** Tokens one after the other. */
final class TokenStream {
    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token look() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return current().line();
    }

    Token next() {
        Token token = current();
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean isOperator(String operator) {
        return current().is(Kind.OPERATOR, operator);
    }

    boolean isName(String name) {
        return current().is(Kind.NAME, name);
    }

    boolean isOneOf(List<String> operators) {
        return current().kind() == Kind.OPERATOR && operators.contains(current().text());
    }

    /** Passes over an operator, if it is there. */
    boolean skipOperator(String operator) {
        boolean there = isOperator(operator);
        if (there) {
            next();
        }
        return there;
    }

    boolean skipName(String name) {
        boolean there = isName(name);
        if (there) {
            next();
        }
        return there;
    }

    Token expect(Kind kind, String what) {
        if (current().kind() != kind) {
            throw expected(what);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw expected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw expected("'" + name + "'");
        }
    }

    TemplateException expected(String what) {
        return new TemplateException(
                line(), "expected " + what + " but found " + current().described());
    }
}
