package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every family is trained as it is run: the reference's logits of the runtime's tiny models. */
class TorchFamiliesTest {
    private static final Path FAMILIES = Path.of("../runtime/src/test/resources/io/karipap/model/families");

    static Stream<Path> families() throws IOException {
        try (Stream<Path> directories = Files.list(FAMILIES)) {
            return directories.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsAreThoseOfTheReference(Path directory) throws IOException {
        JsonNode golden = JsonMapper.shared()
                .readTree(Files.readAllBytes(directory.resolve("golden.json")))
                .get(0);
        JsonNode ids = golden.path("ids");
        long[] tokens = IntStream.range(0, ids.size())
                .mapToLong(i -> ids.get(i).longValue())
                .toArray();
        Trainee trainee = Trainee.read(directory, null);
        float[] expected;
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory.resolve("golden")))) {
            List<Integer> shape = List.of(tokens.length, trainee.config().vocabularySize());
            expected = store.require(golden.path("logits").stringValue(), shape).toFloats();
        }
        try (PointerScope _ = new PointerScope();
                TorchTransformer model = trainee.model(tokens.length, ScalarType.Float)) {
            float[] actual = Gradients.without(() -> {
                Tensor flat = Torch.tensor(
                        trainee.weights(), new long[] {trainee.layout().size()}, ScalarType.Float);
                Tensor batch = Torch.tensor(tokens, 1, tokens.length);
                return Torch.floats(model.logits(Torch.parts(flat, trainee.layout()), batch));
            });
            assertThat(actual).containsExactly(expected, Offset.offset(2e-4f));
        }
    }
}
