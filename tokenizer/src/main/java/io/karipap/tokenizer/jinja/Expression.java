package io.karipap.tokenizer.jinja;

import java.util.List;

/** What has a value. */
sealed interface Expression {
    /** Where it stands, counted from 1. */
    int line();

    record Constant(int line, Object value) implements Expression {}

    record Name(int line, String name) implements Expression {}

    record TupleOf(int line, List<Expression> elements) implements Expression {}

    record ListOf(int line, List<Expression> elements) implements Expression {}

    record DictOf(int line, List<Expression> keys, List<Expression> values) implements Expression {}

    /** {@code object.name}. */
    record Attribute(int line, Expression object, String name) implements Expression {}

    /** {@code object[index]}. */
    record Item(int line, Expression object, Expression index) implements Expression {}

    /** {@code object[start:stop:step]}; null for what is not given. */
    record Slice(int line, Expression object, Expression start, Expression stop, Expression step)
            implements Expression {}

    /** {@code function(arguments)}. */
    record Call(int line, Expression function, CallArguments arguments) implements Expression {}

    /** {@code value | name(arguments)}; the value is null at the head of a filter block. */
    record Filtered(int line, Expression value, String name, CallArguments arguments) implements Expression {}

    /** {@code value is name(arguments)}, or not. */
    record Test(int line, Expression value, String name, CallArguments arguments, boolean negated)
            implements Expression {}

    record Not(int line, Expression value) implements Expression {}

    /** {@code -value} or {@code +value}. */
    record Sign(int line, Expression value, boolean negative) implements Expression {}

    /** {@code and}, {@code or}: the value of one of the sides. */
    record Junction(int line, Expression left, Expression right, boolean isAnd) implements Expression {}

    /** Arithmetic by its operator. */
    record Binary(int line, String operator, Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c}. */
    record Concatenation(int line, List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}: each operator between its neighbours. */
    record Comparison(int line, Expression first, List<String> operators, List<Expression> others)
            implements Expression {}

    /** {@code then if condition else otherwise}; the last may be null. */
    record Conditional(int line, Expression condition, Expression then, Expression otherwise) implements Expression {}

    /**
     * Arguments as written.
     *
     * @param names of the last ones, which are named
     * @param spread {@code *list}, or null
     * @param spreadNamed {@code **dict}, or null
     */
    record CallArguments(
            List<Expression> positional,
            List<String> names,
            List<Expression> named,
            Expression spread,
            Expression spreadNamed) {
        static final CallArguments NONE = new CallArguments(List.of(), List.of(), List.of(), null, null);
    }
}
