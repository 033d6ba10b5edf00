package io.karipap.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.WeightType;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final long PARAMETERS = 7_344_384;

    @Test
    void weightsAreCountedAsTheyArePacked() throws IOException {
        assertThat(MemoryNeed.of(TestData.TALES, Optional.empty()).bytes())
                .isBetween(2 * PARAMETERS, 2 * PARAMETERS + 20_000);
        assertThat(MemoryNeed.of(TestData.TALES, Optional.of(WeightType.Q8)).bytes())
                .isBetween(PARAMETERS * 34 / 32 - 20_000, PARAMETERS * 34 / 32 + 20_000);
    }

    @Test
    void whatDoesNotFitIsRefusedWithAWayOut() {
        MemoryNeed need = new MemoryNeed(3_000_000_000L);
        assertThatThrownBy(() -> need.check("big.gguf", OptionalLong.of(2_000_000_000L)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("big.gguf needs 3,001 MB")
                .hasMessageContaining("2,000 MB left")
                .hasMessageContaining("--weights Q8");
        need.check("big.gguf", OptionalLong.empty());
        need.check("big.gguf", OptionalLong.of(4_000_000_000L));
    }
}
