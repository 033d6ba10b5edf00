package io.karipap.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.karipap.json.Json;
import io.karipap.kernels.Rows;
import io.karipap.load.LoadedModel;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Real models against transformers with the same dequantised weights (see real-model-goldens.py). */
class RealModelGoldenTest {
    private static final int CONTEXT = 512;
    private static final String SMOLLM2 = "SmolLM2-135M-Instruct.Q4_1";
    private static final String GEMMA3 = "gemma-3-270m.Q4_K_M";
    private static final String QWEN2 = "Qwen2.5-Coder-0.5B-Instruct.Q4_K_M";

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = RealModelGoldenTest.class.getResourceAsStream(name + ".json")) {
            return Json.parse(in.readAllBytes());
        }
    }

    private static LoadedModel load(String name) throws IOException {
        return LoadedModel.load(TestData.require("models/real/" + name + ".gguf"));
    }

    private static int[] ids(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {SMOLLM2, GEMMA3, QWEN2})
    void logitsAndGreedyTextsAreThoseOfTheReference(String name) throws IOException {
        JsonNode golden = golden(name);
        try (LoadedModel model = load(name)) {
            for (JsonNode prompt : golden.path("prompts")) {
                int[] ids = ids(prompt.path("ids"));
                assertThat(model.tokenizer().encode(prompt.path("text").stringValue(), EncodeOptions.PROMPT))
                        .containsExactly(ids);
                assertLogits(lastLogits(model.transformer(), ids), prompt);
            }
            int[] prompt = ids(golden.path("prompts").path(0).path("ids"));
            int[] expected = ids(golden.path("greedy"));
            assertThat(greedy(model.transformer(), prompt, expected.length)).containsExactly(expected);
        }
    }

    private static float[] lastLogits(Transformer model, int[] ids) {
        try (KvCache cache = new KvCache(new KvPool(model.config(), KvOptions.of(ids.length)))) {
            Batch batch = new Batch();
            for (int i = 0; i < ids.length; i++) {
                batch.add(ids[i], i, cache, i == ids.length - 1);
            }
            Rows logits = model.forward(batch);
            float[] last = new float[model.config().vocabularySize()];
            System.arraycopy(logits.data(), logits.at(0), last, 0, last.length);
            return last;
        }
    }

    private static void assertLogits(float[] logits, JsonNode expected) {
        SoftAssertions.assertSoftly(softly -> {
            int token = 0;
            for (JsonNode value : expected.path("every97")) {
                softly.assertThat(logits[token])
                        .as("token %d", token)
                        .isCloseTo((float) value.doubleValue(), within(1e-3f));
                token += 97;
            }
            for (Map.Entry<String, JsonNode> top : expected.path("top").properties()) {
                softly.assertThat(logits[Integer.parseInt(top.getKey())])
                        .as("token %s", top.getKey())
                        .isCloseTo((float) top.getValue().doubleValue(), within(1e-3f));
            }
        });
    }

    private static int[] greedy(Transformer model, int[] prompt, int count) {
        List<Integer> drawn = new ArrayList<>();
        try (KvCache cache = new KvCache(new KvPool(model.config(), KvOptions.of(prompt.length + count)))) {
            Batch batch = new Batch();
            for (int i = 0; i < prompt.length; i++) {
                batch.add(prompt[i], i, cache, i == prompt.length - 1);
            }
            for (int i = 0; i < count; i++) {
                Rows logits = model.forward(batch);
                int next = model.kernels()
                        .current()
                        .argmax(logits.data(), logits.at(0), model.config().vocabularySize());
                drawn.add(next);
                batch.clear();
                batch.add(next, prompt.length + i, cache, true);
            }
        }
        return drawn.stream().mapToInt(Integer::intValue).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {SMOLLM2, GEMMA3, QWEN2})
    void windowsCountAsInTheReference(String name) throws IOException {
        assertWindows(name, 2);
    }

    @Tag("campaign")
    @ParameterizedTest
    @ValueSource(strings = {SMOLLM2, GEMMA3, QWEN2})
    void fiftyWindowsCountAsInTheReference(String name) throws IOException {
        assertWindows(name, 50);
    }

    private static void assertWindows(String name, int most) throws IOException {
        double[] expected = golden(name)
                .path("nats")
                .valueStream()
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
        String text = Files.readString(TestData.require("data/corpora/wikitext2/wikitext-test.txt"))
                .replace("\r\n", "\n");
        try (LoadedModel model = load(name)) {
            int chunks = Math.min(most, expected.length);
            Scores scores = SecondHalves.measure(
                    model.transformer(),
                    name,
                    SecondHalves.Text.of(model.tokenizer(), text),
                    CONTEXT,
                    chunks,
                    Progress.NONE);
            for (int i = 0; i < chunks; i++) {
                assertThat(scores.sums()[i]).as("window %d", i).isCloseTo(expected[i], within(1e-3 * expected[i]));
            }
        }
    }
}
