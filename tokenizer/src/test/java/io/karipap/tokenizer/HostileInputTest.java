package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts and files that are meant to harm. A quadratic merge loop would take hours on these; the time limit only tells them apart. */
@Timeout(60)
class HostileInputTest {
    private static final Path TALES = TestData.TALES.resolve("tokenizer.json");
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path directory;

    static Stream<String> texts() {
        return Stream.of(
                "a", "ab", "qzx", " ", "\n", "🙂", "é", "e\u0301", "\u0301", "日", "<|endoftext|", "'", "1", "\uD83D");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aMegabyteOfTheSameIsReadInBoundedTime(String unit) throws IOException {
        String text = unit.repeat(MEGABYTE / unit.length());
        for (Path file : new Path[] {TALES, TestData.path("models/stories260k/tokenizer.json")}) {
            if (Files.exists(file)) {
                Tokenizer tokenizer = Tokenizer.load(file);
                int[] ids = tokenizer.encode(text);
                assertThat(tokenizer.decode(ids))
                        .isEqualTo(text.replace("\uD83D", unit.equals("🙂") ? "\uD83D" : "\uFFFD"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\"merges\":[; \"merges\":[\"Q nosuchtoken\",; nosuchtoken",
                "\"merges\":[; \"merges\":[\"onlyone\",; pair",
                "\"merges\":[; \"merges\":[17,; pair",
                "\"vocab\":{; \"vocab\":{\"twin\":5,; same id",
                "\"vocab\":{; \"vocab\":{\"huge\":2000000000,; 2000000000",
                "\"vocab\":{; \"vocab\":{\"negative\":-1,; -1",
                "\"vocab\":{; \"vocab\":{\"text\":\"x\",; text",
                "\"type\":\"BPE\"; \"type\":\"Unigram\"; Unigram",
                "\"type\":\"BPE\"; \"type\":\"WordPiece\"; WordPiece",
                "\"normalizer\":null; \"normalizer\":{\"type\":\"Precompiled\"}; Precompiled",
                "\"decoder\":{; \"decoder\":{\"type\":\"CTC\"},\"x\":{; CTC",
                "\"dropout\":null; \"dropout\":0.1; dropout",
                "\"pre_tokenizer\":{; \"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[a\"},\"behavior\":\"Isolated\"},\"x\":{; not valid",
                "\"pre_tokenizer\":{; \"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a\"},\"behavior\":\"Odd\"},\"x\":{; Odd",
                "\"pre_tokenizer\":{; \"pre_tokenizer\":{\"type\":\"UnicodeScripts\"},\"x\":{; UnicodeScripts",
                "\"post_processor\":{; \"post_processor\":{\"type\":\"RobertaProcessing\"},\"x\":{; RobertaProcessing",
                "\"content\":\"<|endoftext|>\"; \"content\":\"\"; added token",
            })
    void aTokenizerFileThatLiesGivesAClearError(String from, String to, String expected) throws IOException {
        tools.jackson.databind.json.JsonMapper mapper =
                tools.jackson.databind.json.JsonMapper.builder().build();
        String json = mapper.writeValueAsString(mapper.readTree(Files.readAllBytes(TALES)));
        assertThat(json).contains(from);
        Path file = Files.writeString(
                directory.resolve("tokenizer.json"),
                json.replaceFirst(java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to)));
        assertThatThrownBy(() -> Tokenizer.load(file))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "tokenizer.json,1000",
        "tokenizer.json,0",
        "x.gguf,100",
        "x.model,50",
        "gpt2.tiktoken,77",
        "unknown.tiktoken,10"
    })
    void aFileThatIsCutOrOfAnotherKindGivesAClearError(String name, int length) throws IOException {
        byte[] bytes = java.util.Arrays.copyOf(Files.readAllBytes(TALES), length);
        Path file = Files.write(directory.resolve(name), bytes);
        assertThatThrownBy(() -> Tokenizer.load(file))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"(a+)+b", "(a|aa)+$", "(.*)*x"})
    void aCatastrophicExpressionIsStopped(String expression) throws IOException {
        tools.jackson.databind.json.JsonMapper mapper =
                tools.jackson.databind.json.JsonMapper.builder().build();
        tools.jackson.databind.node.ObjectNode json =
                (tools.jackson.databind.node.ObjectNode) mapper.readTree(Files.readAllBytes(TALES));
        json.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "Isolated")
                .putObject("pattern")
                .put("Regex", expression);
        Path file = Files.write(directory.resolve("tokenizer.json"), mapper.writeValueAsBytes(json));
        Tokenizer tokenizer = Tokenizer.load(file);
        String text = "a".repeat(3_000) + "!";
        try {
            assertThat(tokenizer.encode(text)).isNotEmpty(); // some are harmless to Java's engine
        } catch (TokenizerException e) {
            assertThat(e).hasMessageContaining("regular expression");
        }
    }

    @ParameterizedTest
    @CsvSource({"ggml-vocab-gpt-2.gguf", "ggml-vocab-llama-spm.gguf"})
    void randomDamageToAGgufFileIsAnErrorOfOursOrHarmless(String name) throws IOException {
        byte[] sound = Files.readAllBytes(TestData.require("data/tokenizers/vectors/" + name));
        java.util.SplittableRandom random = new java.util.SplittableRandom(3);
        Path file = directory.resolve("x.gguf");
        for (int i = 0; i < 40; i++) {
            byte[] damaged = sound.clone();
            for (int j = 0; j < 3; j++) {
                damaged[random.nextInt(i % 2 == 0 ? 400 : damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                Tokenizer.load(file).encode("Hello world");
            } catch (TokenizerException e) {
                assertThat(e).hasMessageContaining("x.gguf");
            }
        }
    }
}
