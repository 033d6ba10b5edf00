package io.karipap.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.SharedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
    private static LanguageModel model(int running, int waiting, int positions) throws IOException {
        EngineOptions limits = new EngineOptions(running, waiting, 64, positions);
        return LanguageModel.load(
                SharedFiles.TALES, LoadOptions.DEFAULT.withThreads(2).withEngine(limits));
    }

    @Test
    void theQueueHasALimitAndDrains() throws IOException {
        try (LanguageModel model = model(2, 3, 512)) {
            List<GenerationEvent> ends = new ArrayList<>();
            int[] prompt = model.encodePrompt("Once upon a time");
            for (int i = 0; i < 3; i++) {
                model.engine().submit(prompt, GenerationOptions.greedy(200), event -> {
                    if (!(event instanceof GenerationEvent.Token)) {
                        ends.add(event);
                    }
                });
            }
            assertThatThrownBy(() -> model.engine().submit(prompt, GenerationOptions.greedy(5), event -> {}))
                    .isInstanceOf(EngineFullException.class);
            while (model.engine().step()) {
                // two sequences of up to 204 positions fit into 512, the third waits for a place
                assertThat(model.engine().load().running()).isLessThanOrEqualTo(2);
            }
            assertThat(ends).hasSize(3).allMatch(end -> end instanceof GenerationEvent.Finished);
            assertThat(model.engine().load().kvUsage()).isZero();
        }
    }

    @Test
    void cancellingEndsARequestInOneStep() throws IOException {
        try (LanguageModel model = model(2, 3, 512)) {
            List<GenerationEvent> events = new ArrayList<>();
            Generation generation =
                    model.engine().submit(model.encodePrompt("Once"), GenerationOptions.greedy(200), events::add);
            model.engine().step();
            generation.cancel();
            model.engine().step();
            assertThat(events.getLast()).isInstanceOfSatisfying(GenerationEvent.Finished.class, end -> {
                assertThat(end.reason()).isEqualTo(FinishReason.CANCELLED);
                assertThat(end.completionTokens()).isEqualTo(1);
            });
            assertThat(model.engine().step()).isFalse();
        }
    }

    @Test
    void closingEndsEverything() throws IOException {
        List<GenerationEvent> events = new ArrayList<>();
        LanguageModel model = model(1, 3, 512);
        model.engine().submit(model.encodePrompt("Once"), GenerationOptions.greedy(200), events::add);
        model.engine().step();
        model.engine().submit(model.encodePrompt("Once"), GenerationOptions.greedy(200), events::add);
        model.close();
        assertThat(events)
                .filteredOn(e -> e instanceof GenerationEvent.Finished)
                .hasSize(2);
        assertThatThrownBy(() -> model.engine().submit(new int[] {1}, GenerationOptions.greedy(5), event -> {}))
                .isInstanceOf(IllegalStateException.class);
        model.close();
    }
}
