package io.karipap.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.WeightMemory;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LanguageModelTest {
    private static LanguageModel model;

    @BeforeAll
    static void load() throws IOException {
        model = LanguageModel.bundled(LoadOptions.DEFAULT);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static String text(GenerationOptions options) {
        return model.generate("Once upon a time", options, piece -> {}).text();
    }

    @Test
    void iteratorAndCallbackGiveTheSameText() {
        StringBuilder pieces = new StringBuilder();
        for (String piece : model.generate("Once upon a time", GenerationOptions.greedy(40))) {
            pieces.append(piece);
        }
        List<String> heard = new ArrayList<>();
        GenerationResult result = model.generate("Once upon a time", GenerationOptions.greedy(40), heard::add);
        assertThat(pieces.toString())
                .isEqualTo(result.text())
                .isEqualTo(String.join("", heard))
                .startsWith(", there was");
        assertThat(result.completionTokens()).isEqualTo(40);
        assertThat(result.promptTokens()).isEqualTo(4);
        assertThat(result.reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aSeedFixesTheText() {
        assertThat(text(GenerationOptions.sampled(40, 1, 5))).isEqualTo(text(GenerationOptions.sampled(40, 1, 5)));
        assertThat(text(GenerationOptions.sampled(40, 1, 5))).isNotEqualTo(text(GenerationOptions.sampled(40, 1, 6)));
    }

    @Test
    void textsAtTheSameTimeAreTheSameAsAlone() throws Exception {
        List<String> alone = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            alone.add(text(GenerationOptions.sampled(30 + i, 0.9, i)));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(6)) {
            List<Future<String>> together = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int seed = i;
                together.add(executor.submit(() -> text(GenerationOptions.sampled(30 + seed, 0.9, seed))));
            }
            for (int i = 0; i < 6; i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void aStopStringEndsTheText() {
        String whole = text(GenerationOptions.greedy(60));
        String stop = whole.substring(20, 24);
        GenerationOptions options = GenerationOptions.greedy(60).toBuilder()
                .stop(StopOptions.at(List.of("never there", stop)))
                .build();
        GenerationResult result = model.generate("Once upon a time", options, piece -> {});
        assertThat(result.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(result.reason()).isEqualTo(FinishReason.STOP);
        assertThat(result.completionTokens()).isLessThan(60);
    }

    @Test
    void leavingEarlyFreesTheCache() {
        try (TextStream stream = model.generate("Once upon a time", GenerationOptions.greedy(400))) {
            stream.next();
            assertThat(model.engine().load().running()).isEqualTo(1);
        }
        model.engine().step();
        assertThat(model.engine().load().running()).isZero();
        assertThat(model.engine().load().kvUsage()).isZero();
    }

    @Test
    void theContextIsALimit() {
        assertThatThrownBy(() -> model.generate("word ".repeat(600), GenerationOptions.greedy(1)))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("512");
        assertThatThrownBy(() -> model.generate("", GenerationOptions.greedy(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
        int[] prompt = model.encodePrompt("word ".repeat(400));
        GenerationResult result = model.generate(
                "word ".repeat(400),
                GenerationOptions.greedy(1000).toBuilder()
                        .stop(StopOptions.never())
                        .build(),
                piece -> {});
        assertThat(result.completionTokens()).isEqualTo(512 - prompt.length);
        assertThat(result.reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aMissingModelIsNamed() {
        assertThatThrownBy(() -> LanguageModel.load(Path.of("no/such/model")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("no/such/model");
    }

    /** The bundled model is factored: no allocation on the weight side is as large as one of its factored matrices. */
    @Test
    void noDenseMatrixIsEverRebuilt() throws IOException {
        try (LanguageModel dense = LanguageModel.load(TestData.TALES);
                LanguageModel factored = LanguageModel.bundled(LoadOptions.DEFAULT)) {
            WeightMemory memory = factored.transformer().memory();
            long atLoad = memory.totalBytes();
            factored.generate("Once upon a time", GenerationOptions.greedy(50), piece -> {});
            assertThat(memory.totalBytes())
                    .as("nothing is allocated while generating")
                    .isEqualTo(atLoad);
            assertThat(memory.largestBytes())
                    .as("the embedding, which is factored too, against its matrix in 8 bits")
                    .isLessThan(4096L * 256);
            // padding to panels costs some, but half the weights in half the bits stay below a third
            assertThat(memory.totalBytes())
                    .isLessThan(dense.transformer().memory().totalBytes() / 3);
        }
    }
}
