package io.karipap.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.export.GgufExport;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.generate.WeightPrecision;
import io.karipap.kernels.WeightType;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our GGUF files in llama.cpp: the same tokens, and the same text as ours, up to the first near tie. */
class GgufPeerTest {
    private static final List<String> PROMPTS =
            List.of("Once upon a time", "The old man walked", "She said that"); // no near tie at the first token

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "Q8", "Q4"})
    void talesSpeaksAlike(WeightType type) throws IOException {
        // codes: llama.cpp rounds activations to 8 bits too, so that texts part sooner
        check(TestData.TALES, type, type.quantized() ? 1 : 20);
    }

    @Test
    void storiesSpeaksAlike() throws IOException {
        check(TestData.require("models/stories260k"), WeightType.F16, 40);
    }

    private void check(Path model, WeightType type, int leastSame) throws IOException {
        Path gguf = temporary.resolve("model.gguf");
        GgufExport.write(model, type, gguf);
        try (LlamaCpp peer = new LlamaCpp(gguf, 2, 512);
                LanguageModel ours = LanguageModel.load(
                        model,
                        LoadOptions.builder()
                                .weights(WeightPrecision.valueOf(type.name()))
                                .build())) {
            for (String prompt : PROMPTS) {
                assertThat(peer.count(prompt))
                        .as("tokens of \"%s\"", prompt)
                        .isEqualTo(ours.tokenizer().encode(prompt, EncodeOptions.PLAIN).length);
                String theirs = peer.greedy(prompt, 40);
                String own = ours.generate(prompt, GenerationOptions.greedy(40), piece -> {})
                        .text();
                int same = 0;
                while (same < Math.min(theirs.length(), own.length()) && theirs.charAt(same) == own.charAt(same)) {
                    same++;
                }
                assertThat(same).as("%s: \"%s\" and \"%s\"", type, theirs, own).isGreaterThanOrEqualTo(leastSame);
            }
        }
    }

    @Test
    void groupsMustBeWhole() {
        Path stories = TestData.require("models/stories260k");
        assertThatThrownBy(() -> GgufExport.write(stories, WeightType.Q8, temporary.resolve("model.gguf")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("172 columns");
    }
}
