package io.karipap.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.karipap.evaluate.SecondHalves.Text;
import io.karipap.evaluate.SequenceScores.Predicted;
import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SecondHalvesTest {
    private static final String STORY = "Once upon a time, there was a little girl who lived in the wood. ".repeat(40);

    /** Window by window against the log-likelihoods of its second half, its first token replaced. */
    @Test
    void theSecondHalfOfEveryWindowIsScored() throws IOException {
        int[] ids = Tokenizer.load(TestData.TALES).encode(STORY);
        int start = 5;
        try (Transformer model =
                ModelLoader.load(new ModelSource.Directory(TestData.TALES), KernelChoice.of(new VectorKernels()), 2)) {
            for (int context : new int[] {7, 150, 200}) {
                Scores scores = SecondHalves.measure(
                        model, "story", new Text(ids, OptionalInt.of(start)), context, 2, Progress.NONE);
                assertThat(scores.items()).isEqualTo(2);
                for (int i = 0; i < 2; i++) {
                    int[] window = Arrays.copyOfRange(ids, i * context, (i + 1) * context);
                    window[0] = start;
                    double[] expected = SequenceScores.score(model, List.of(new Predicted(window, context / 2 + 1)))
                            .getFirst()
                            .logLikelihoods();
                    assertThat(scores.weights()[i]).isEqualTo(expected.length);
                    assertThat(scores.sums()[i])
                            .isCloseTo(-Arrays.stream(expected).sum(), within(1e-9));
                }
            }
            assertThatThrownBy(() -> SecondHalves.measure(
                            model, "story", new Text(new int[] {1, 2, 3}, OptionalInt.empty()), 16, 1, Progress.NONE))
                    .hasMessageContaining("story has 3 tokens, expected at least two windows of 16");
        }
    }
}
