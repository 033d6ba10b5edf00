package io.karipap.kernels.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WarmingChoiceTest {
    @Test
    @Timeout(60)
    void vectorKernelsAreChosenOnceTheyAreFast() throws InterruptedException {
        Kernels scalar = new ScalarKernels();
        Kernels vector = new VectorKernels();
        WarmingChoice choice = new WarmingChoice(scalar, vector);
        assertThat(choice.ready()).isFalse();
        assertThat(choice.current()).isSameAs(scalar);
        assertThat(choice.name()).isEqualTo(vector.name());
        choice.prepare(EnumSet.allOf(WeightType.class));
        while (!choice.ready()) {
            Thread.sleep(5);
        }
        assertThat(choice.current()).isSameAs(vector);
    }
}
