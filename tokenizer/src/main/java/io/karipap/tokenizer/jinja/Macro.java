package io.karipap.tokenizer.jinja;

/**
 * A macro with the scope that it was written in.
 *
 * @param name for {@code macro.name}
 * @param body binds the arguments and renders
 */
record Macro(String name, Function body) implements Function {
    @Override
    public Object call(Arguments arguments) {
        return body.call(arguments);
    }
}
