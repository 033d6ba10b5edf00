package io.karipap.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.evaluate.SequenceScores.Predicted;
import io.karipap.evaluate.SequenceScores.Scored;
import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.ModelLoader;
import io.karipap.model.Transformer;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceScoresTest {
    private static final int[] LENGTHS = {2, 40, 3, 130, 7, 90, 33, 2, 300};
    private static final String STORY =
            "Once upon a time, there was a little girl who lived in the wood. One day she went to the "
                    + "old house and said, \"I am not afraid of you.\" The old man looked at her, and he was very glad. ";

    /** Texts of many lengths, several in a step, against one token at a time. */
    @Test
    void manyTextsScoreAsEachDoesAlone() throws IOException {
        Random random = new Random(1);
        int[] story = Tokenizer.load(TestData.TALES).encode(STORY.repeat(10));
        List<Predicted> texts = new ArrayList<>();
        for (int length : LENGTHS) {
            int start = random.nextInt(story.length - length);
            texts.add(new Predicted(Arrays.copyOfRange(story, start, start + length), 1 + random.nextInt(length - 1)));
        }
        try (Transformer model =
                ModelLoader.load(new ModelSource.Directory(TestData.TALES), KernelChoice.of(new VectorKernels()), 2)) {
            List<Scored> scores = SequenceScores.score(model, texts);
            assertThat(scores).hasSameSizeAs(texts);
            assertThat(scores.get(8).mostProbable()).contains(true).contains(false);
            for (int i = 0; i < LENGTHS.length; i++) {
                assertAlone(model, texts.get(i), scores.get(i));
            }
        }
    }

    private static void assertAlone(Transformer model, Predicted text, Scored scored) {
        int vocabulary = model.config().vocabularySize();
        assertThat(scored.logLikelihoods()).hasSize(text.ids().length - text.from());
        Batch batch = new Batch();
        try (KvCache cache = new KvCache(new KvPool(model.config(), KvOptions.of(512)))) {
            for (int i = 0; i + 1 < text.ids().length; i++) {
                batch.clear();
                batch.add(text.ids()[i], i, cache, true);
                Rows logits = model.forward(batch);
                int predicted = i + 1 - text.from();
                if (predicted >= 0) {
                    int next = text.ids()[i + 1];
                    float best = Float.NEGATIVE_INFINITY;
                    for (int token = 0; token < vocabulary; token++) {
                        best = Math.max(best, logits.data()[logits.at(0) + token]);
                    }
                    assertThat(scored.logLikelihoods()[predicted])
                            .isEqualTo(Perplexity.logLikelihood(logits.data(), logits.at(0), vocabulary, next));
                    assertThat(scored.mostProbable()[predicted]).isEqualTo(logits.data()[logits.at(0) + next] == best);
                }
            }
        }
    }

    @Test
    void nothingToPredictOrTooLongIsRefused() throws IOException {
        assertThatThrownBy(() -> new Predicted(new int[] {1, 2}, 0)).hasMessageContaining("cannot be predicted");
        assertThatThrownBy(() -> new Predicted(new int[] {1, 2}, 2)).hasMessageContaining("2 tokens");
        try (Transformer model =
                ModelLoader.load(new ModelSource.Directory(TestData.TALES), KernelChoice.of(new VectorKernels()), 1)) {
            assertThatThrownBy(() -> SequenceScores.score(model, List.of(new Predicted(new int[513], 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("513");
        }
    }
}
