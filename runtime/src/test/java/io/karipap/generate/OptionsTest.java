package io.karipap.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.grammar.JsonGrammar;
import io.karipap.model.KvType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {
    @Test
    void aBuilderBeginsWithTheValuesItIsMadeOf() {
        GenerationOptions options = GenerationOptions.builder()
                .maxTokens(3)
                .sampling(SamplingOptions.builder()
                        .temperature(0.5)
                        .topK(4)
                        .topP(0.6)
                        .minP(0.1)
                        .seed(5)
                        .repetitionPenalty(1.5)
                        .presencePenalty(0.3)
                        .frequencyPenalty(-0.2)
                        .logitBias(Map.of(7, 2.0))
                        .build())
                .stop(StopOptions.builder()
                        .texts(List.of("x"))
                        .tokens(Set.of(8))
                        .ignoreEnd(true)
                        .minTokens(2)
                        .build())
                .logprobs(LogprobOptions.builder()
                        .tokens(true)
                        .prompt(true)
                        .alternatives(2)
                        .build())
                .grammar(JsonGrammar.object())
                .timeLimit(Duration.ofSeconds(9))
                .build();
        assertThat(options.toBuilder().build()).usingRecursiveComparison().isEqualTo(options);
        GenerationOptions reseeded = options.toBuilder().seed(6).build();
        assertThat(reseeded.sampling().seed()).isEqualTo(6);
        assertThat(reseeded.sampling())
                .usingRecursiveComparison()
                .ignoringFields("seed")
                .isEqualTo(options.sampling());
        assertThat(options.stop().toBuilder().build())
                .usingRecursiveComparison()
                .isEqualTo(options.stop());
        EngineOptions engine = EngineOptions.builder()
                .maxRunning(2)
                .maxWaiting(3)
                .stepTokens(4)
                .stepTime(Duration.ofMillis(5))
                .kvPositions(64)
                .kvBlockSize(16)
                .kvPrecision(KvPrecision.BF16)
                .build();
        assertThat(engine.toBuilder().build()).usingRecursiveComparison().isEqualTo(engine);
        LoadOptions load = LoadOptions.builder()
                .threads(2)
                .weights(WeightPrecision.Q8)
                .engine(engine)
                .build();
        assertThat(load.toBuilder().build()).usingRecursiveComparison().isEqualTo(load);
    }

    @Test
    void messagesNameTheOptions() {
        assertThatThrownBy(() -> GenerationOptions.greedy(-1)).hasMessage("maxTokens is -1, expected 0 or more");
        assertThatThrownBy(() -> SamplingOptions.builder().repetitionPenalty(0).build())
                .hasMessage("repetitionPenalty is 0.0, expected above 0, up to 10");
        assertThatThrownBy(() -> EngineOptions.builder().kvBlockSize(10).build())
                .hasMessageContaining("a multiple of 16");
        assertThatThrownBy(() -> LoadOptions.builder().threads(0).build())
                .hasMessage("threads is 0, expected 1 or more");
    }

    @ParameterizedTest
    @EnumSource
    void weightsCanBeRounded(WeightPrecision precision) {
        assertThat(precision.type().name()).isEqualTo(precision.name());
    }

    @ParameterizedTest
    @EnumSource
    void keysAndValuesCanBeStored(KvPrecision precision) {
        assertThat(precision.cache(64, 16).type()).isEqualTo(KvType.valueOf(precision.name()));
    }
}
