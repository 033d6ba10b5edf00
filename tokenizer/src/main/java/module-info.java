/**
 * The model's own tokenizer, exactly, and its chat template.
 *
 * <p>Chat templates are rendered by Jinjava, which is optional: a program that uses them adds {@code requires jinjava} or
 * {@code --add-modules jinjava}, and the modules that Jinjava needs (see those of {@code io.karipap.server}).
 *
 * @since 0.1
 */
@SuppressWarnings("module") // the modules named below come after this one
module io.karipap.tokenizer {
    requires tools.jackson.databind;
    requires static jinjava;

    exports io.karipap.tokenizer;
    exports io.karipap.tokenizer.chat;
    exports io.karipap.tokenizer.chat.jinja to
            jinjava;
    exports io.karipap.json to
            io.karipap.runtime,
            io.karipap.server;
}
