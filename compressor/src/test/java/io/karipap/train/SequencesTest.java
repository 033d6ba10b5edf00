package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequencesTest {
    private static TokenText text(int from, int count) {
        return new TokenText("text", IntStream.range(from, from + count).toArray());
    }

    @Test
    void everySequenceComesOnceARound() {
        Sequences sequences = new Sequences(List.of(text(0, 1001)), new double[] {1}, 10, 99, 5);
        long[] batch = sequences.batch(0, 99);
        int[] starts = IntStream.range(0, 99).map(i -> (int) batch[i * 11]).toArray();
        assertThat(IntStream.of(starts).distinct().count()).isEqualTo(99);
        assertThat(IntStream.of(starts).map(s -> s % 10).distinct().count()).isEqualTo(1);
        assertThat(starts).isNotEqualTo(IntStream.of(starts).sorted().toArray());
        for (int i = 0; i < batch.length; i++) {
            assertThat(batch[i]).isEqualTo(starts[i / 11] + i % 11);
        }
    }

    @Test
    void textsAreDrawnByWeightAndTheSeed() {
        List<TokenText> texts = List.of(text(0, 100), text(1000, 5000));
        long[] batch = new Sequences(texts, new double[] {3, 1}, 10, 4000, 5).batch(0, 4000);
        long first = IntStream.range(0, 4000).filter(i -> batch[i * 11] < 1000).count();
        assertThat(first).isBetween(2850L, 3150L);
        assertThat(new Sequences(texts, new double[] {3, 1}, 10, 4000, 5).batch(7, 30))
                .isEqualTo(java.util.Arrays.copyOfRange(batch, 77, 77 + 330));
        assertThat(new Sequences(texts, new double[] {3, 1}, 10, 4000, 6).batch(0, 4000))
                .isNotEqualTo(batch);
    }

    @Test
    void aTextMayBeTooShort() {
        assertThatThrownBy(() -> new Sequences(List.of(text(0, 10)), new double[] {1}, 10, 1, 1))
                .hasMessageContaining("text has 10 tokens");
        assertThat(new Sequences(List.of(text(0, 11)), new double[] {1}, 10, 3, 1).batch(2, 1))
                .isEqualTo(IntStream.range(0, 11).asLongStream().toArray());
    }
}
