package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.export.GgufExport;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Teachers and models that go on may be GGUF files. */
class GgufTraineeTest {
    @TempDir
    private Path temporary;

    @Test
    void theWeightsAreThoseOfTheDirectory() throws IOException {
        Path tales = Path.of("models/tales");
        Path gguf = temporary.resolve("tales.gguf");
        GgufExport.write(tales, WeightType.BF16, gguf);
        assertThat(Trainee.read(gguf, null).weights())
                .isEqualTo(Trainee.read(tales, null).weights());
    }
}
