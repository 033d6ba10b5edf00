package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetsAndStreamsTest {
    static Stream<Path> tokenizers() {
        return Stream.of(
                TestData.TALES.resolve("tokenizer.json"),
                TestData.path("models/stories260k/tokenizer.json"),
                TestData.path("data/tokenizers/llama2/tokenizer.model"),
                TestData.path("data/tokenizers/qwen2.5"));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void offsetsCoverTheTextInOrder(Path file) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.require(file));
        RandomTexts texts = new RandomTexts(8, List.of("<|endoftext|>", "<s>"));
        for (int i = 0; i < 2_000; i++) {
            String text = texts.next();
            Encoding encoding = tokenizer.encodeWithOffsets(text, EncodeOptions.PARSED);
            assertThat(encoding.ids()).containsExactly(tokenizer.encode(text, EncodeOptions.PARSED));
            int covered = 0;
            for (int t = 0; t < encoding.ids().length; t++) {
                int start = encoding.charStarts()[t];
                int end = encoding.charEnds()[t];
                assertThat(start).as("\"%s\" token %d", text, t).isBetween(0, covered);
                assertThat(end).isBetween(start, text.length());
                covered = Math.max(covered, end);
                assertThat(encoding.byteStarts()[t])
                        .isEqualTo(text.substring(0, start).getBytes(StandardCharsets.UTF_8).length);
                assertThat(encoding.byteEnds()[t])
                        .isEqualTo(text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
            }
            assertThat(covered).as("\"%s\"", text).isEqualTo(text.length());
        }
    }

    @Test
    void offsetsOfByteTokensAreExact() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        String text = "The little girl said: \"Zażółć 🙂!\"";
        Encoding encoding = tokenizer.encodeWithOffsets(text, EncodeOptions.PLAIN);
        for (int t = 0; t < encoding.ids().length; t++) {
            String covered = text.substring(encoding.charStarts()[t], encoding.charEnds()[t]);
            String token = new String(tokenizer.tokenBytes(encoding.ids()[t]), StandardCharsets.UTF_8);
            if (!token.contains("\uFFFD")) {
                assertThat(covered).isEqualTo(token);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void streamsJoinToTheWholeAndNeverHoldHalfACharacter(Path file) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.require(file));
        SplittableRandom random = new SplittableRandom(6);
        RandomTexts texts = new RandomTexts(9, List.of());
        for (int i = 0; i < 2_000; i++) {
            int[] ids = i % 2 == 0
                    ? tokenizer.encode(texts.next())
                    : random.ints(random.nextInt(1, 20), 0, tokenizer.vocabularySize())
                            .filter(id -> tokenizer.token(id).isPresent())
                            .toArray();
            StreamingDecoder stream = tokenizer.streamingDecoder(false);
            StringBuilder joined = new StringBuilder();
            for (int id : ids) {
                String piece = stream.next(id);
                assertThat(piece)
                        .as("no lone surrogates")
                        .isEqualTo(new String(piece.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
                joined.append(piece);
            }
            assertThat(joined.append(stream.finish()).toString()).isEqualTo(tokenizer.decode(ids, false));
            if (i % 2 == 0) {
                assertThat(joined).doesNotContain("\uFFFD\uFFFD\uFFFD\uFFFD");
            }
        }
    }

    @Test
    void specialTokensAreTextUnlessAsked() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        int end = tokenizer.id("<|endoftext|>").orElseThrow();
        assertThat(tokenizer.encode("a<|endoftext|>b")).doesNotContain(end);
        assertThat(tokenizer.encode("a<|endoftext|>b", EncodeOptions.PARSED)).contains(end);
        assertThat(tokenizer.decode(tokenizer.encode("a<|endoftext|>b"))).isEqualTo("a<|endoftext|>b");
        assertThat(tokenizer.decode(tokenizer.encode("a<|endoftext|>b", EncodeOptions.PARSED)))
                .isEqualTo("ab");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {99_999})).hasMessageContaining("99999");
    }

    @Test
    void threadsShareATokenizer() throws Exception {
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        RandomTexts texts = new RandomTexts(12, List.of());
        List<String> inputs = Stream.generate(texts::next).limit(20_000).toList();
        List<int[]> alone = inputs.stream().map(tokenizer::encode).toList();
        Tokenizer shared = Tokenizer.load(TestData.TALES);
        List<int[]> together = inputs.parallelStream().map(shared::encode).toList();
        for (int i = 0; i < alone.size(); i++) {
            assertThat(together.get(i)).containsExactly(alone.get(i));
        }
    }
}
