/**
 * The model's own tokenizer, exactly, and its chat template.
 *
 * @since 0.1
 */
@SuppressWarnings("module") // the modules named below come after this one
module io.karipap.tokenizer {
    requires tools.jackson.databind;

    exports io.karipap.tokenizer;
    exports io.karipap.tokenizer.chat;
    exports io.karipap.json to
            io.karipap.runtime,
            io.karipap.server;
}
