package io.karipap.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.model.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GGUF files that llama.cpp's own converter made of tiny random models of every family, against the logits that transformers computes of
 * the same models: see {@code src/test/python/make-gguf-goldens.py}.
 */
class GgufGoldenTest {
    private static final Path FILES = Path.of("src/test/resources/io/karipap/model/gguf");

    static Stream<String> files() throws IOException {
        return goldens().propertyNames().stream();
    }

    private static JsonNode goldens() throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(FILES.resolve("goldens.json")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void logitsAreThoseOfTheReference(String name) throws IOException {
        JsonNode listed = goldens().path(name);
        int[] ids = IntStream.range(0, listed.size())
                .map(i -> listed.get(i).intValue())
                .toArray();
        ModelSource source = ModelSource.of(FILES.resolve(name + ".gguf"));
        ModelConfig config = ModelLoader.readConfig(source);
        float[] expected;
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(FILES))) {
            expected = store.require(name, List.of(ids.length, config.vocabularySize()))
                    .toFloats();
        }
        assertThat(GoldenLogits.of(source, config, ids, new ScalarKernels(), ids.length, KvType.F32))
                .containsExactly(expected, Offset.offset(1e-4f));
    }
}
