package io.karipap.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTest {
    private static final String PROMPT = "Once upon a time there was a little girl who lived in a house near the wood. "
            + "Every day she went to the well to fetch water, and every day she met an old man who told her a story. "
            + "One day the old man did not come, and the girl went to look for him. She walked and walked until";

    private static EngineOptions limits(int running, int waiting, int stepTokens, int positions, int blockSize) {
        return EngineOptions.builder()
                .maxRunning(running)
                .maxWaiting(waiting)
                .stepTokens(stepTokens)
                .stepTime(Duration.ofSeconds(1))
                .kvPositions(positions)
                .kvBlockSize(blockSize)
                .build();
    }

    private static LanguageModel model(EngineOptions limits) throws IOException {
        return LanguageModel.bundled(
                LoadOptions.builder().threads(2).engine(limits).build());
    }

    private static LanguageModel model(int running, int waiting, int positions) throws IOException {
        return model(limits(running, waiting, 64, positions, 64));
    }

    /** What happened to one request. */
    private static final class Recorded {
        private final List<GenerationEvent> events = new ArrayList<>();

        private GenerationEvent.Finished end() {
            assertThat(events).last().isInstanceOf(GenerationEvent.Finished.class);
            return (GenerationEvent.Finished) events.getLast();
        }

        private List<Integer> tokens() {
            return events.stream()
                    .filter(event -> event instanceof GenerationEvent.Token)
                    .map(event -> ((GenerationEvent.Token) event).id())
                    .toList();
        }

        private List<Optional<TokenLogprobs>> logprobs() {
            List<Optional<TokenLogprobs>> all = new ArrayList<>();
            for (GenerationEvent event : events) {
                switch (event) {
                    case GenerationEvent.PromptToken token -> all.add(token.logprobs());
                    case GenerationEvent.Token token -> all.add(token.logprobs());
                    default -> {}
                }
            }
            return all;
        }
    }

    private static Recorded submit(LanguageModel model, String prompt, GenerationOptions options) {
        Recorded recorded = new Recorded();
        model.engine().submit(model.encodePrompt(prompt), options, recorded.events::add);
        return recorded;
    }

    private static void finish(LanguageModel model) {
        while (model.engine().step()) {
            assertThat(model.engine().load().kvUsage()).isLessThanOrEqualTo(1);
        }
        assertThat(model.engine().load().running()).isZero();
        assertThat(model.engine().load().waiting()).isZero();
        assertThat(model.engine().load().kvUsage()).isZero();
    }

    private static GenerationOptions options(int seed, int maxTokens) {
        return GenerationOptions.sampled(maxTokens, 0.9, seed).toBuilder()
                .stop(StopOptions.never())
                .build();
    }

    @Test
    void theQueueHasALimitAndDrains() throws IOException {
        try (LanguageModel model = model(2, 3, 512)) {
            List<Recorded> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(submit(model, "Once upon a time", GenerationOptions.greedy(200)));
            }
            assertThatThrownBy(() -> submit(model, "Once upon a time", GenerationOptions.greedy(5)))
                    .isInstanceOf(EngineFullException.class)
                    .hasMessageContaining("3 requests");
            while (model.engine().step()) {
                assertThat(model.engine().load().running()).isLessThanOrEqualTo(2);
            }
            assertThat(all).allMatch(each -> each.end().completionTokens() > 0);
            finish(model);
        }
    }

    @Test
    void cancellingEndsARequestInOneStep() throws IOException {
        try (LanguageModel model = model(1, 3, 512)) {
            Recorded running = new Recorded();
            Recorded waiting = new Recorded();
            int[] prompt = model.encodePrompt("Once");
            Generation first = model.engine().submit(prompt, GenerationOptions.greedy(200), running.events::add);
            Generation second = model.engine().submit(prompt, GenerationOptions.greedy(200), waiting.events::add);
            model.engine().step();
            first.cancel();
            second.cancel();
            model.engine().step();
            assertThat(running.end().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(running.end().completionTokens()).isEqualTo(1);
            assertThat(waiting.end().completionTokens()).isZero();
            assertThat(model.engine().step()).isFalse();
            finish(model);
        }
    }

    @Test
    void closingEndsEverything() throws IOException {
        LanguageModel model = model(1, 3, 512);
        Recorded first = submit(model, "Once", GenerationOptions.greedy(200));
        model.engine().step();
        Recorded second = submit(model, "Once", GenerationOptions.greedy(200));
        model.close();
        assertThat(List.of(first, second)).allMatch(each -> each.end().reason() == FinishReason.CANCELLED);
        assertThatThrownBy(() -> model.engine().submit(new int[] {1}, GenerationOptions.greedy(5), event -> {}))
                .isInstanceOf(IllegalStateException.class);
        model.close();
    }

    /** The same requests alone, together, in small chunks, and where memory runs out again and again. */
    @Test
    void aTextDoesNotDependOnWhatElseIsComputed() throws IOException {
        int count = 6;
        List<List<Integer>> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try (LanguageModel model = model(limits(1, 8, 256, 512, 64))) {
                Recorded alone = submit(model, PROMPT.substring(i), options(i, 60));
                finish(model);
                expected.add(alone.tokens());
            }
        }
        EngineOptions together = limits(8, 8, 256, 4096, 64);
        EngineOptions chunks = limits(8, 8, 9, 4096, 16);
        EngineOptions scarce = limits(8, 8, 64, 320, 16);
        for (EngineOptions limits : List.of(together, chunks, scarce)) {
            try (LanguageModel model = model(limits)) {
                for (int round = 0; round < 2; round++) { // the second finds the prompts of the first
                    List<Recorded> all = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        all.add(submit(model, PROMPT.substring(i), options(i, 60)));
                    }
                    finish(model);
                    for (int i = 0; i < count; i++) {
                        assertThat(all.get(i).tokens())
                                .as("%s, round %d, text %d", limits, round, i)
                                .isEqualTo(expected.get(i));
                    }
                }
                EngineLoad load = model.engine().load();
                assertThat(load.preemptions() > 0).isEqualTo(limits == scarce);
                if (limits != scarce) {
                    assertThat(load.prefixHits()).isPositive().isLessThan(load.prefixQueries());
                }
            }
        }
    }

    @Test
    void theSecondTextWithAPrefixComputesOnlyTheRest() throws IOException {
        try (LanguageModel model = model(limits(4, 8, 256, 2048, 16))) {
            int prefix = model.encodePrompt(PROMPT).length;
            Recorded first = submit(model, PROMPT, options(1, 1));
            finish(model);
            Recorded second = submit(model, PROMPT + " she came to the sea.", options(1, 1));
            finish(model);
            assertThat(first.end().cachedTokens()).isZero();
            assertThat(second.end().cachedTokens())
                    .isBetween(prefix - 16, prefix)
                    .isPositive();
        }
    }

    @Test
    void neighboursWithOnePromptComputeItOnce() throws IOException {
        try (LanguageModel model = model(limits(8, 8, 256, 2048, 16))) {
            int[] prompt = model.encodePrompt(PROMPT);
            List<Recorded> all = new ArrayList<>();
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Recorded recorded = new Recorded();
                all.add(recorded);
                requests.add(new GenerationRequest(prompt, options(i, 20), recorded.events::add));
            }
            model.engine().submit(requests);
            finish(model);
            assertThat(all.getFirst().end().cachedTokens()).isZero();
            assertThat(all.subList(1, 4)).allMatch(each -> each.end().cachedTokens() > prompt.length - 17);
            assertThat(all.stream().map(Recorded::tokens).distinct()).hasSize(4);
        }
    }

    @Test
    void logprobsAreTheSameScoredAndGenerated() throws IOException {
        try (LanguageModel model = model(limits(4, 8, 24, 2048, 16))) {
            LogprobOptions logprobs = LogprobOptions.builder()
                    .tokens(true)
                    .prompt(true)
                    .alternatives(3)
                    .build();
            Recorded generated = submit(
                    model, PROMPT, options(3, 30).toBuilder().logprobs(logprobs).build());
            finish(model);
            int[] prompt = model.encodePrompt(PROMPT);
            int[] whole = new int[prompt.length + 30];
            System.arraycopy(prompt, 0, whole, 0, prompt.length);
            for (int i = 0; i < 30; i++) {
                whole[prompt.length + i] = generated.tokens().get(i);
            }
            Recorded scored = new Recorded();
            model.engine()
                    .submit(whole, options(3, 0).toBuilder().logprobs(logprobs).build(), scored.events::add);
            finish(model);
            assertThat(generated.logprobs()).hasSize(whole.length);
            assertThat(scored.logprobs()).isEqualTo(generated.logprobs());
            assertThat(scored.logprobs().getFirst()).isEmpty();
            TokenLogprobs last = scored.logprobs().getLast().orElseThrow();
            assertThat(last.alternatives()).hasSize(3);
            assertThat(last.alternatives().getFirst().logprob()).isGreaterThanOrEqualTo(last.logprob());
            assertThat(scored.end().completionTokens()).isZero();
            assertThat(scored.end().reason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysAndValuesOfBothKindsTellSimilarTexts(KvPrecision precision) throws IOException {
        EngineOptions limits =
                limits(2, 8, 64, 1024, 32).toBuilder().kvPrecision(precision).build();
        try (LanguageModel model = model(limits)) {
            LogprobOptions logprobs = LogprobOptions.builder().prompt(true).build();
            Recorded scored = submit(
                    model, PROMPT, options(1, 0).toBuilder().logprobs(logprobs).build());
            finish(model);
            double nats = scored.logprobs().stream()
                    .skip(1)
                    .mapToDouble(each -> each.orElseThrow().logprob())
                    .sum();
            double mean = -nats / (scored.logprobs().size() - 1);
            assertThat(mean).isBetween(1.0, 4.0);
            try (LanguageModel reference = model(2, 8, 1024)) {
                Recorded expected = submit(
                        reference,
                        PROMPT,
                        options(1, 0).toBuilder().logprobs(logprobs).build());
                finish(reference);
                double sum = expected.logprobs().stream()
                        .skip(1)
                        .mapToDouble(each -> each.orElseThrow().logprob())
                        .sum();
                assertThat(nats).isCloseTo(sum, org.assertj.core.api.Assertions.within(0.02 * Math.abs(sum)));
            }
        }
    }

    @Test
    void penaltiesBiasAndBansHold() throws IOException {
        try (LanguageModel model = model(4, 8, 1024)) {
            SamplingOptions greedy = SamplingOptions.greedy();
            List<Integer> plain = tokens(model, greedy, StopOptions.never());
            int first = plain.getFirst();
            assertThat(tokens(model, with(1, 0, 0, Map.of(first, -100.0)), StopOptions.never()))
                    .doesNotContain(first);
            assertThat(tokens(model, with(1, 0, 0, Map.of(first, 100.0)), StopOptions.never()))
                    .containsOnly(first);
            List<Integer> various = tokens(model, with(1, 2, 2, Map.of()), StopOptions.never());
            assertThat(various.stream().distinct().count())
                    .isGreaterThan(plain.stream().distinct().count());
            assertThat(tokens(model, with(5, 0, 0, Map.of()), StopOptions.never()))
                    .doesNotHaveDuplicates();
            int third = plain.get(2);
            assertThat(tokens(model, greedy, stopAt(third, 0))).isEqualTo(plain.subList(0, plain.indexOf(third) + 1));
            assertThat(tokens(model, greedy, stopAt(third, 30)))
                    .hasSizeGreaterThanOrEqualTo(30)
                    .startsWith(plain.get(0), plain.get(1));
        }
    }

    private static SamplingOptions with(
            double repetition, double presence, double frequency, Map<Integer, Double> bias) {
        return SamplingOptions.greedy().toBuilder()
                .repetitionPenalty(repetition)
                .presencePenalty(presence)
                .frequencyPenalty(frequency)
                .logitBias(bias)
                .build();
    }

    private static StopOptions stopAt(int token, int minTokens) {
        return StopOptions.never().toBuilder()
                .tokens(Set.of(token))
                .minTokens(minTokens)
                .build();
    }

    private static List<Integer> tokens(LanguageModel model, SamplingOptions sampling, StopOptions stop) {
        Recorded recorded = submit(
                model,
                "Once upon a time",
                GenerationOptions.builder()
                        .maxTokens(40)
                        .sampling(sampling)
                        .stop(stop)
                        .build());
        finish(model);
        return recorded.tokens();
    }

    @Test
    void aPausedTextWaitsAndOthersGoOn() throws IOException {
        try (LanguageModel model = model(2, 3, 512)) {
            Recorded paused = new Recorded();
            Generation generation =
                    model.engine().submit(model.encodePrompt("Once"), options(1, 50), paused.events::add);
            model.engine().step();
            generation.pause();
            assertThat(model.engine().step()).isFalse();
            assertThat(paused.tokens()).hasSize(1);
            Recorded other = submit(model, "Once", options(1, 50));
            while (model.engine().step()) {
                assertThat(paused.tokens()).hasSize(1);
            }
            generation.resume();
            finish(model);
            assertThat(paused.tokens()).isEqualTo(other.tokens());
        }
    }

    @Test
    void aTimeLimitEndsAText() throws IOException {
        try (LanguageModel model = model(1, 3, 512)) {
            Recorded late = submit(
                    model,
                    "Once",
                    options(1, 400).toBuilder().timeLimit(Duration.ofNanos(1)).build());
            Recorded inTime = submit(
                    model,
                    "Once",
                    options(1, 5).toBuilder().timeLimit(Duration.ofMinutes(5)).build());
            finish(model);
            assertThat(late.end().reason()).isEqualTo(FinishReason.TIME);
            assertThat(inTime.end().reason()).isEqualTo(FinishReason.LENGTH);
        }
    }
}
