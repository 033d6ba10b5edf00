package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Expression.CallArguments;
import io.karipap.tokenizer.jinja.Expression.Filtered;
import java.util.List;

/** What prints, sets and repeats. */
sealed interface Statement {
    record Print(Expression value) implements Statement {}

    record Data(Text text) implements Statement {}

    record If(Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    /**
     * @param filter which elements are taken, or null
     * @param recursive whether {@code loop(…)} may go into an element
     */
    record For(
            int line,
            Target target,
            Expression elements,
            Expression filter,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(Target target, Expression value) implements Statement {}

    /** {@code filters} from the inside out, each with a null value at its head. */
    record SetBlock(Target target, List<Filtered> filters, List<Statement> body) implements Statement {}

    record FilterBlock(List<Filtered> filters, List<Statement> body) implements Statement {}

    record With(List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    /** A body with a scope of its own, printed as it is: {@code generation}. */
    record Scope(List<Statement> body) implements Statement {}

    record MacroDefinition(String name, Signature signature) implements Statement {}

    /** {@code call(parameters) function(arguments)}: the body becomes {@code caller}. */
    record CallBlock(int line, Expression function, CallArguments arguments, Signature caller) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /**
     * Parameters and body of a macro.
     *
     * @param defaults of the last parameters
     * @param mentions which of {@code caller}, {@code varargs} and {@code kwargs} the macro uses
     */
    record Signature(
            String name,
            List<String> parameters,
            List<Expression> defaults,
            List<Statement> body,
            java.util.Set<String> mentions) {}

    /** What is assigned to. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Attribute(int line, String object, String name) implements Target {}

        record Several(int line, List<Target> targets) implements Target {}
    }
}
