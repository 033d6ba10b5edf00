package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.directory.ModelDirectory;
import io.karipap.format.block.BlockType;
import io.karipap.json.Json;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.chat.ChatTemplateLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory that is made of a GGUF file says besides weights. */
class GgufDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void configurationTokenizerAndTemplateAreThoseOfTheFile() throws IOException {
        GgufBuilder builder = SmallGguf.metadata("llama")
                .put("general.sampling.temp", 0.6f)
                .put("general.sampling.top_k", 20)
                .put("general.sampling.top_p", 0.95f)
                .put("general.sampling.mirostat", 0);
        SmallGguf.blocks(
                builder,
                "token_embd.weight",
                BlockType.Q8_0,
                new SplittableRandom(1),
                SmallGguf.VOCABULARY,
                SmallGguf.HIDDEN);
        Path file = Files.write(directory.resolve("model.gguf"), builder.build());
        Path made = Files.createDirectory(directory.resolve("made"));
        ModelDirectory.copyMetadata(file, made);

        assertThat(Files.readAllBytes(made.resolve("config.json")))
                .isEqualTo(ModelSource.of(file).read("config.json"));
        assertThat(Json.parse(Files.readAllBytes(made.resolve("generation_config.json"))))
                .isEqualTo(Json.parse("{\"temperature\":0.6,\"top_k\":20,\"top_p\":0.95}"));
        Tokenizer before = Tokenizer.load(file);
        Tokenizer after = Tokenizer.load(made);
        assertThat(after.vocabularySize()).isEqualTo(before.vocabularySize());
        for (String text : List.of("the 3 thieves\n", "Zażółć 日本 🙂", "")) {
            assertThat(after.encode(text)).isEqualTo(before.encode(text));
        }
        for (int id = 0; id < before.vocabularySize(); id++) {
            assertThat(after.isSpecial(id)).isEqualTo(before.isSpecial(id));
        }
        assertThat(ChatTemplateLoader.load(made)
                        .orElseThrow()
                        .render(List.of(Map.of("role", "user", "content", "Hello")), List.of(), true))
                .isEqualTo("Hello");
        assertThat(Json.parse(Files.readAllBytes(made.resolve("tokenizer_config.json")))
                        .path("eos_token")
                        .asString())
                .isEqualTo("<|end|>");
    }

    @Test
    void aFileThatSaysNothingOfSamplingHasNoSuchConfiguration() throws IOException {
        Path file = Files.write(directory.resolve("model.gguf"), SmallGguf.llama());
        assertThat(ModelSource.of(file).has("generation_config.json")).isFalse();
    }
}
