package io.karipap.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.karipap.load.LoadedModel;
import io.karipap.model.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    @Test
    void specialTokensPartDocuments() {
        assertThat(Documents.split(new int[] {0, 1, 2, 0, 3, 0, 0, 4, 5, 6}, id -> id == 0))
                .containsExactly(new int[] {1, 2}, new int[] {4, 5, 6});
    }

    /** A window that holds all of a document is one window; smaller ones lose context and so predict worse, smaller strides better. */
    @Test
    void theWindowSlides() throws IOException {
        try (LoadedModel model = LoadedModel.bundled(0, Optional.empty(), Progress.NONE)) {
            String story =
                    "Once upon a time there was a king who had three sons. The eldest was strong, the second was "
                            + "clever, and the youngest was kind. One day the king said to them that he was old and had to choose.";
            int[] ids = model.tokenizer().encode(story);
            int start = model.startToken();
            int[] whole =
                    IntStream.concat(IntStream.of(start), IntStream.of(ids)).toArray();
            double expected = Perplexity.measure(model.transformer(), whole, 512, Long.MAX_VALUE, done -> {})
                    .nats();
            assertThat(nats(model, ids, start, 512, 64)).isCloseTo(expected, within(1e-9 * expected));
            double coarse = nats(model, ids, start, 16, 16);
            double fine = nats(model, ids, start, 16, 1);
            assertThat(fine).isLessThan(coarse);
            assertThat(expected).isLessThan(fine);
            assertThatThrownBy(() -> nats(model, ids, start, 16, 17)).hasMessageContaining("1..16");
        }
    }

    private static double nats(LoadedModel model, int[] ids, int start, int window, int stride) {
        Scores scores = Documents.measure(
                model.transformer(), "t", List.of(ids), start, new Documents.Sliding(window, stride), Progress.NONE);
        assertThat(scores.weights()).containsExactly(ids.length);
        return scores.sums()[0];
    }
}
