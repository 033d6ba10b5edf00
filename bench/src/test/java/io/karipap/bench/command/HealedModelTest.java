package io.karipap.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.budget.Repertoire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class HealedModelTest {
    private static HealedModel read(String text) {
        return new HealedModel.Converter().convert(text);
    }

    @Test
    void namesAnAnsatzARatioAndTokens() {
        assertThat(read("low-rank-0.3@400000")).isEqualTo(new HealedModel(Repertoire.named("low-rank"), 0.3, 400_000));
        assertThat(read("auto-0.5")).isEqualTo(new HealedModel(Repertoire.named("auto"), 0.5, 0));
        assertThat(read("plain-svd-0.25").name()).isEqualTo("plain-svd-0.25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "0.3", "auto-", "auto-x", "best-0.3", "auto-0.3@", "auto-0.3@many"})
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(TypeConversionException.class);
    }
}
