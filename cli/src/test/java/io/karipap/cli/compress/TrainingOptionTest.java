package io.karipap.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingOptionTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"eos_token_id\": 7}|7",
                "{\"eos_token_id\": [5, 8, 9]}|5",
                "{}|-1",
                "{\"eos_token_id\": null}|-1"
            })
    void documentsAreSeparatedByTheFirstTokenThatEndsAText(String config, int expected) throws IOException {
        Files.writeString(directory.resolve("config.json"), config);
        assertThat(TrainingOption.separator(directory)).isEqualTo(expected);
    }
}
