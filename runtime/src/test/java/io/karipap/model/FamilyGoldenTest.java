package io.karipap.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.family.Families;
import io.karipap.model.family.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tiny random models of every family against the logits that transformers computes: see {@code src/test/python/make-family-goldens.py}. In one
 * batch and token by token, with scalar and with vector kernels, of which all four give the same bits.
 */
class FamilyGoldenTest {
    private static final Path FAMILIES = Path.of("src/test/resources/io/karipap/model/families");
    private static final double TOLERANCE = 1e-4;

    /** A config of a family and what it gives. */
    private record Golden(Path directory, String config, int[] ids, String logits, int context) {
        @Override
        public String toString() {
            return directory.getFileName() + " " + config + ", " + ids.length + " tokens";
        }

        ModelSource source() {
            return new ModelSource.Directory(directory);
        }

        ModelConfig read() throws IOException {
            ModelConfig read = Families.read(Fields.parse(config, Files.readAllBytes(directory.resolve(config))));
            return context > 0 ? read.withContext(context) : read;
        }

        float[] expected(int vocabulary) throws IOException {
            try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory.resolve("golden")))) {
                return store.require(logits, List.of(ids.length, vocabulary)).toFloats();
            }
        }
    }

    static Stream<Arguments> goldens() throws IOException {
        List<Arguments> goldens = new ArrayList<>();
        try (Stream<Path> directories = Files.list(FAMILIES)) {
            for (Path directory : directories.sorted().toList()) {
                JsonNode all = JsonMapper.shared().readTree(Files.readAllBytes(directory.resolve("golden.json")));
                for (JsonNode one : all) {
                    JsonNode ids = one.path("ids");
                    goldens.add(Arguments.of(new Golden(
                            directory,
                            one.path("config").stringValue(),
                            IntStream.range(0, ids.size())
                                    .map(i -> ids.get(i).intValue())
                                    .toArray(),
                            one.path("logits").stringValue(),
                            one.path("context").asInt(0))));
                }
            }
        }
        return goldens.stream();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void logitsAreThoseOfTheReference(Golden golden) throws IOException {
        ModelConfig config = golden.read();
        float[] expected = golden.expected(config.vocabularySize());
        float[] scalar = logits(golden, config, new ScalarKernels(), golden.ids().length, KvType.F32);
        assertThat(scalar).hasSameSizeAs(expected);
        double worst = IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs((double) scalar[i] - expected[i]))
                .max()
                .orElseThrow();
        assertThat(worst).as("largest difference of a logit").isLessThan(TOLERANCE);
        assertThat(logits(golden, config, new ScalarKernels(), 1, KvType.F32)).containsExactly(scalar);
        assertThat(logits(golden, config, new VectorKernels(), golden.ids().length, KvType.F32))
                .containsExactly(scalar);
        assertThat(logits(golden, config, new VectorKernels(), 5, KvType.F32)).containsExactly(scalar);
        float[] pairs = logits(golden, config, new ScalarKernels(), golden.ids().length, KvType.BF16);
        assertThat(logits(golden, config, new VectorKernels(), 1, KvType.BF16)).containsExactly(pairs);
    }

    private static float[] logits(Golden golden, ModelConfig config, Kernels kernels, int chunk, KvType type)
            throws IOException {
        return GoldenLogits.of(golden.source(), config, golden.ids(), kernels, chunk, type);
    }
}
