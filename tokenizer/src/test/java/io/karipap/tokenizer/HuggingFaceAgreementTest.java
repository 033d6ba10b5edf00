package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our ids and texts against those of Hugging Face's own tokenizers (Rust, by JNI). */
class HuggingFaceAgreementTest {
    private static final int STRINGS = 10_000;

    static Stream<Path> tokenizers() {
        return Stream.of(
                TestData.TALES.resolve("tokenizer.json"),
                TestData.path("models/stories260k/tokenizer.json"),
                TestData.path("data/tokenizers/tinyllama_hf/tokenizer.json"));
    }

    private record Pair(Tokenizer ours, HuggingFaceTokenizer theirs, List<String> specials) {}

    private static Pair open(Path file) throws IOException {
        Path path = TestData.require(file);
        HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(
                path, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        Tokenizer ours = Tokenizer.load(path);
        List<String> specials = new ArrayList<>();
        for (int id = 0; id < ours.vocabularySize(); id++) {
            if (ours.isSpecial(id)) {
                specials.add(ours.token(id).orElseThrow());
            }
        }
        return new Pair(ours, theirs, specials);
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void randomStringsGiveTheSameIdsAndTexts(Path file) throws IOException {
        Pair pair = open(file);
        RandomTexts texts = new RandomTexts(20261122, pair.specials());
        for (int i = 0; i < STRINGS; i++) {
            assertSame(pair, texts.next());
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void wholeNovelsGiveTheSameIdsAndTexts(Path file) throws IOException {
        Pair pair = open(file);
        Path novels = TestData.require("data/corpora/novels");
        for (String name : List.of("Stevenson_Treasure_1883.txt", "Burnett_Garden_1911.txt")) {
            assertSame(pair, Files.readString(novels.resolve(name)));
        }
    }

    private static void assertSame(Pair pair, String text) {
        int[] ours = pair.ours().encode(text, EncodeOptions.PARSED);
        long[] theirs = pair.theirs().encode(text, false, false).getIds();
        assertThat(ours)
                .as(() -> "ids of \"" + escape(text) + "\"")
                .containsExactly(Arrays.stream(theirs).mapToInt(id -> (int) id).toArray());
        assertThat(pair.ours().decode(ours, true))
                .as(() -> "text of the ids of \"" + escape(text) + "\"")
                .isEqualTo(pair.theirs().decode(theirs, true));
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .limit(300)
                .forEach(c ->
                        escaped.append(c < 32 || c > 126 ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return escaped.toString();
    }
}
