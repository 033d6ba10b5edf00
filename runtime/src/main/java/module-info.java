/**
 * A language model in this JVM: {@link io.karipap.generate.LanguageModel} loads it and lets it write.
 *
 * <p>Start the JVM with {@code --add-modules jdk.incubator.vector}. What is not exported here is the library's own and changes with
 * every release; compressor, command line and benchmarks read it from the class path.
 *
 * @since 0.1
 */
@SuppressWarnings("module") // the module named below comes after this one
module io.karipap.runtime {
    requires transitive io.karipap.tokenizer;
    requires tools.jackson.databind;
    requires static jdk.incubator.vector; // whoever starts the JVM adds it; without it the kernels say so

    exports io.karipap.chat;
    exports io.karipap.chat.format to
            io.karipap.server;
    exports io.karipap.generate;
    exports io.karipap.grammar;
}
