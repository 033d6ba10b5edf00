package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged vocabularies give one sentence or a tokenizer that works; long texts take time in proportion to their length. */
@Timeout(120)
class HostileVocabularyTest {
    private static final Path SMALL = Path.of("src/test/resources/vocabularies");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "unigram.model,800",
        "unigram-bytes.model,400",
        "gemma.model,400",
        "unigram.gguf,400",
        "wordpiece.gguf,400",
        "unigram.json,150",
        "wordpiece.json,150",
        "tekken/tekken.json,150"
    })
    void mutatedFiles(String name, int count) throws IOException {
        byte[] sound = Files.readAllBytes(SMALL.resolve(name));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(name.hashCode());
        Path file = directory.resolve(SMALL.resolve(name).getFileName());
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] bytes = sound.clone();
            int changes = random.nextInt(1, 12);
            // the rules and the trainer's settings stand at the end, the first keys at the start
            int part = random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                int at = part == 0
                        ? random.nextInt(Math.min(400, bytes.length))
                        : part == 1
                                ? bytes.length - 1 - random.nextInt(bytes.length / 3)
                                : random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                Tokenizer tokenizer = Tokenizer.load(file);
                tokenizer.decode(tokenizer.encode("Zażółć ﾊﾞ① \u0000  the garden e\u0301 日本 👍🏽 ｆｕｌｌ"));
            } catch (TokenizerException e) {
                refused++;
                assertThat(e.getMessage())
                        .contains(file.getFileName().toString())
                        .doesNotContain("\n");
            }
        }
        assertThat(refused).as("damaged files that are refused").isBetween(1, count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"unigram.model", "unigram-bytes.model", "gemma.model", "unigram.json", "wordpiece.json", "tekken"
            })
    void aMegabyteOfTheSameIsReadInBoundedTime(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(SMALL.resolve(name));
        for (String unit :
                new String[] {"a", "the ", " ", "\n", "e\u0301", "\u0301", "ﾊﾞ", "日", "🙂", "1", "A", "/", "▁"}) {
            String text = unit.repeat((1 << 20) / unit.length());
            assertThat(tokenizer.decode(tokenizer.encode(text)).length()).isLessThanOrEqualTo(2 * text.length());
        }
    }
}
