package io.karipap.ansatz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Dimensions that do not divide well. */
class DigitsTest {
    @Test
    void awkwardDimensions() {
        assertThat(Digits.of(172, 2)).containsExactlyInAnyOrder(4, 43);
        assertThat(Digits.of(11008, 3))
                .satisfies(digits -> assertThat(Arrays.stream(digits).reduce(1, (a, b) -> a * b))
                        .isEqualTo(11008));
        assertThat(Digits.of(257, 4)).containsExactlyInAnyOrder(1, 1, 1, 257);
        assertThat(Digits.of(4096, 4)).containsExactly(8, 8, 8, 8);
        assertThat(Digits.of(1, 3)).containsExactly(1, 1, 1);
    }
}
