package io.karipap.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationDefaultsTest {
    @TempDir
    private Path directory;

    private GenerationDefaults read(String json) throws IOException {
        Files.writeString(directory.resolve("generation_config.json"), json);
        return GenerationDefaults.read(new ModelSource.Directory(directory));
    }

    @Test
    void allValuesAreRead() throws IOException {
        GenerationDefaults defaults = read("{\"do_sample\":true,\"temperature\":0.7,\"top_k\":20,\"top_p\":0.8,"
                + "\"min_p\":0.1,\"repetition_penalty\":1.05,\"max_new_tokens\":2048,\"eos_token_id\":[1,2]}");
        SamplingOptions sampling = defaults.sampling().build();
        assertThat(sampling.temperature()).isEqualTo(0.7);
        assertThat(sampling.topK()).isEqualTo(20);
        assertThat(sampling.topP()).isEqualTo(0.8);
        assertThat(sampling.minP()).isEqualTo(0.1);
        assertThat(sampling.repetitionPenalty()).isEqualTo(1.05);
        assertThat(defaults.maxTokens()).hasValue(2048);
    }

    @Test
    void absentAndNullLeaveOpen() throws IOException {
        assertThat(GenerationDefaults.read(new ModelSource.Directory(directory)))
                .isEqualTo(GenerationDefaults.NONE);
        assertThat(read("{\"bos_token_id\":1,\"temperature\":null}")).isEqualTo(GenerationDefaults.NONE);
        assertThat(read("{\"top_k\":-1}").topK()).hasValue(0);
    }

    @Test
    void noSamplingIsGreedy() throws IOException {
        assertThat(read("{\"do_sample\":false,\"temperature\":0.7}").temperature())
                .hasValue(0);
    }

    @Test
    void aLoadedModelTellsThem() throws IOException {
        try (LanguageModel model = LanguageModel.load(TestData.TALES)) {
            assertThat(model.defaults().temperature()).hasValue(0.8);
            assertThat(model.defaults().topP()).hasValue(0.95);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"temperature\":\"hot\"} | temperature is \"hot\", expected a number",
                "{\"top_k\":1.5}           | top_k is 1.5, expected a whole number",
                "{\"top_p\":7}             | topP is 7.0, expected 0..1",
                "{\"max_new_tokens\":-3}   | maxTokens is -3",
                "{                         | is not valid JSON",
            })
    void whatIsWrongIsNamed(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("generation_config.json")
                .hasMessageContaining(message);
    }
}
