package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Token ids that llama.cpp publishes for its test strings, computed by the models' own tokenizers. */
class PublishedVectorsTest {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @ParameterizedTest
    @CsvSource({
        "gpt-2, vectors/ggml-vocab-gpt-2.gguf",
        "gpt-2, gpt2/gpt2.tiktoken",
        "llama-spm, vectors/ggml-vocab-llama-spm.gguf",
        "llama-spm, llama2/tokenizer.model",
        "llama-spm, tinyllama_hf",
        "falcon, vectors/ggml-vocab-falcon.gguf",
        "mpt, vectors/ggml-vocab-mpt.gguf",
        "refact, vectors/ggml-vocab-refact.gguf",
        "deepseek-llm, vectors/ggml-vocab-deepseek-llm.gguf",
        "qwen2, qwen2.5",
        "deepseek-r1-qwen, qwen2.5",
    })
    void everyStringHasItsIds(String set, String vocabulary) throws IOException {
        Path vectors = TestData.require("data/tokenizers/vectors");
        Tokenizer tokenizer = Tokenizer.load(TestData.require("data/tokenizers/" + vocabulary));
        String[] inputs = Files.readString(vectors.resolve("ggml-vocab-" + set + ".gguf.inp"))
                .split(SEPARATOR, -1);
        List<String> outputs = Files.readAllLines(vectors.resolve("ggml-vocab-" + set + ".gguf.out"));
        List<String> wrong = new ArrayList<>();
        int passed = 0;
        for (int i = 0; i < outputs.size(); i++) {
            int[] expected = Stream.of(outputs.get(i).trim().split(" "))
                    .filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            int[] ids = tokenizer.encode(inputs[i]);
            if (Arrays.equals(ids, expected)) {
                passed++;
            } else {
                wrong.add("\"" + inputs[i] + "\" gives " + Arrays.toString(ids) + ", expected "
                        + Arrays.toString(expected));
            }
        }
        System.out.println("| " + set + " | " + vocabulary + " | " + passed + "/" + outputs.size() + " |");
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tinyshakespeare/input.txt",
                "wikitext2/wikitext-test.txt",
                "stories/val_stories.txt",
                "novels/Burnett_Garden_1911.txt"
            })
    void theThreeFormatsOfLlama2Agree(String corpus) throws IOException {
        assertTheThreeFormatsOfLlama2Agree(corpus);
    }

    @Test
    @Tag("campaign")
    void theThreeFormatsOfLlama2AgreeOnAllCorpora() throws IOException {
        assertTheThreeFormatsOfLlama2Agree("");
    }

    private static void assertTheThreeFormatsOfLlama2Agree(String corpora) throws IOException {
        Tokenizer model = Tokenizer.load(TestData.require("data/tokenizers/llama2/tokenizer.model"));
        Tokenizer json = Tokenizer.load(TestData.require("data/tokenizers/tinyllama_hf"));
        Tokenizer gguf = Tokenizer.load(TestData.require("data/tokenizers/vectors/ggml-vocab-llama-spm.gguf"));
        try (Stream<Path> files = Files.walk(TestData.require("data/corpora/" + corpora))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".txt")).toList()) {
                String text = Files.readString(file);
                int[] ids = model.encode(text);
                assertThat(Arrays.equals(json.encode(text), ids))
                        .as(file.toString())
                        .isTrue();
                assertThat(Arrays.equals(gguf.encode(text), ids))
                        .as(file.toString())
                        .isTrue();
                assertThat(model.decode(ids)).as(file.toString()).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"deepseek-coder", "starcoder", "phi-3"})
    void vocabulariesWithoutVectorsGiveEveryTextBack(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.require("data/tokenizers/vectors/ggml-vocab-" + name + ".gguf"));
        RandomTexts texts = new RandomTexts(4, List.of());
        for (int i = 0; i < 2_000; i++) {
            // SentencePiece cannot tell its mark from a space, and puts a space behind tokens such as </s>
            String text = texts.next().replace('▁', '_').replace('<', '(');
            assertThat(tokenizer.decode(tokenizer.encode(text)))
                    .as(() -> "\"" + text + "\"")
                    .isEqualTo(text);
        }
    }
}
