package io.karipap.tokenizer.jinja;

/**
 * What is not there: false, empty, printed as nothing; whatever else is done with it fails.
 *
 * @param message why it is not there
 */
record Undefined(String message) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }
}
