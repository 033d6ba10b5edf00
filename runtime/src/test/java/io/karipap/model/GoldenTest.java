package io.karipap.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.evaluate.Perplexity;
import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dense runtime against golden values that an independent reference computed in double precision. */
class GoldenTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Stream<Kernels> kernels() {
        return Stream.of(new ScalarKernels(), new VectorKernels());
    }

    private static JsonNode golden(Path model) throws IOException {
        return MAPPER.readTree(Files.readAllBytes(model.resolve("golden.json")));
    }

    private static int[] ids(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }

    /** Greedy continuation of {@code prompt} up to {@code length} tokens in all. */
    private static List<Integer> greedy(Transformer model, int[] prompt, int length) {
        List<Integer> tokens = new ArrayList<>(IntStream.of(prompt).boxed().toList());
        Kernels argmax = new ScalarKernels();
        Batch batch = new Batch();
        try (KvCache cache = new KvCache(new KvPool(model.config(), KvOptions.of(6400)))) {
            for (int computed = 0; tokens.size() < length; ) {
                batch.clear();
                for (; computed < tokens.size(); computed++) {
                    batch.add(tokens.get(computed), computed, cache, computed == tokens.size() - 1);
                }
                Rows logits = model.forward(batch);
                tokens.add(argmax.argmax(
                        logits.data(), logits.at(0), model.config().vocabularySize()));
            }
        }
        return tokens;
    }

    private static float[] lastLogits(Transformer model, int[] ids) {
        Batch batch = new Batch();
        try (KvCache cache = new KvCache(new KvPool(model.config(), KvOptions.of(6400)))) {
            for (int i = 0; i < ids.length; i++) {
                batch.add(ids[i], i, cache, i == ids.length - 1);
            }
            Rows logits = model.forward(batch);
            return java.util.Arrays.copyOf(logits.data(), model.config().vocabularySize());
        }
    }

    private static void assertLogits(float[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i])
                    .as("logit %d", i)
                    .isCloseTo(expected.get(i).doubleValue(), Offset.offset(1e-3));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void stories260kIsReproduced(Kernels kernels) throws IOException {
        Path directory = TestData.require("models/stories260k");
        JsonNode golden = golden(directory);
        Tokenizer tokenizer = Tokenizer.load(directory);
        for (Map.Entry<String, JsonNode> entry : golden.path("encode").properties()) {
            assertThat(tokenizer.encode(entry.getKey(), EncodeOptions.PROMPT)).containsExactly(ids(entry.getValue()));
        }
        int[] prompt = ids(golden.path("prompt_ids"));
        assertThat(tokenizer.encode(golden.path("prompt").stringValue(), EncodeOptions.PROMPT))
                .containsExactly(prompt);
        try (Transformer model = ModelLoader.load(new ModelSource.Directory(directory), KernelChoice.of(kernels), 2)) {
            List<Integer> tokens =
                    greedy(model, prompt, golden.path("greedy_ids").size());
            assertThat(tokens)
                    .containsExactlyElementsOf(
                            IntStream.of(ids(golden.path("greedy_ids"))).boxed().toList());
            assertThat(tokenizer.decode(
                            tokens.stream().mapToInt(Integer::intValue).toArray()))
                    .isEqualTo(golden.path("greedy_text").stringValue());
            assertLogits(lastLogits(model, prompt), golden.path("last_logits"));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void stories260kHasItsLoss(Kernels kernels) throws IOException {
        Path directory = TestData.require("models/stories260k");
        String text = Files.readString(TestData.require("data/corpora/stories/val_stories.txt"));
        JsonNode expected = golden(directory).path("nll_first20_val_stories_first900chars_max256tokens");
        Tokenizer tokenizer = Tokenizer.load(directory);
        double nats = 0;
        long tokens = 0;
        try (Transformer model = ModelLoader.load(new ModelSource.Directory(directory), KernelChoice.of(kernels), 2)) {
            for (String piece :
                    Stream.of(text.split("<\\|endoftext\\|>")).limit(20).toList()) {
                String story = piece.strip();
                int[] ids = tokenizer.encode(story.substring(0, Math.min(900, story.length())), EncodeOptions.PROMPT);
                ids = java.util.Arrays.copyOf(ids, Math.min(256, ids.length));
                Perplexity loss = Perplexity.measure(model, ids, 512, Long.MAX_VALUE, done -> {});
                nats += loss.nats();
                tokens += loss.tokens();
            }
        }
        assertThat(tokens).isEqualTo(expected.path("tokens").longValue());
        assertThat(nats / tokens).isCloseTo(expected.path("nats_per_token").doubleValue(), Offset.offset(1e-4));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void talesIsReproduced(Kernels kernels) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        try (Transformer model =
                ModelLoader.load(new ModelSource.Directory(TestData.TALES), KernelChoice.of(kernels), 2)) {
            for (JsonNode golden : golden(TestData.TALES).path("golden")) {
                int[] prompt = ids(golden.path("prompt_ids"));
                assertThat(tokenizer.encode(golden.path("prompt").stringValue()))
                        .containsExactly(prompt);
                assertThat(greedy(model, prompt, golden.path("greedy_ids").size()))
                        .containsExactlyElementsOf(IntStream.of(ids(golden.path("greedy_ids")))
                                .boxed()
                                .toList());
                if (golden.has("last_logits")) {
                    assertLogits(lastLogits(model, prompt), golden.path("last_logits"));
                }
            }
        }
    }

    static Stream<String> validationTexts() {
        return Stream.of("val_novels", "val_stories");
    }

    @ParameterizedTest
    @MethodSource("validationTexts")
    void talesHasItsLoss(String text) throws IOException {
        String file = text.equals("val_stories") ? "stories/val_stories.txt" : "novels/Burnett_Garden_1911.txt";
        String content = Files.readString(TestData.require("data/corpora/" + file))
                .replace("\uFEFF", "")
                .replace("\r\n", "\n");
        JsonNode expected = golden(TestData.TALES).path("loss").path(text);
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        int[] ids = tokenizer.encode(content, EncodeOptions.PARSED);
        try (Transformer model =
                ModelLoader.load(new ModelSource.Directory(TestData.TALES), KernelChoice.of(new VectorKernels()), 2)) {
            Perplexity loss = Perplexity.measure(model, ids, 512, 20480, done -> {});
            assertThat(loss.natsPerToken())
                    .isCloseTo(expected.path("nats_per_token").doubleValue(), Offset.offset(1e-3));
        }
    }
}
