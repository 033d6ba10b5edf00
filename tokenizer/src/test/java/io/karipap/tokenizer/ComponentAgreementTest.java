package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.format.SplitPatterns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every component of a tokenizer.json against Hugging Face's own, put into the bundled vocabulary one at a time. */
class ComponentAgreementTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String BYTES =
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}";

    /** Marks, punctuation and format characters younger than the tables of Hugging Face's tokenizers (Unicode 8). */
    private static final Pattern NEW_CHARACTERS = Pattern.compile(
            "[\\u0890-\\u089F\\u08C8-\\u08E2\\u09FC-\\u09FE\\u0A76\\u0AFA-\\u0AFF\\u0B55\\u0C04\\u0C3C\\u0C77\\u0C84"
                    + "\\u0CF3\\u0D00\\u0D3B\\u0D3C\\u0D81\\u0EBA\\u0ECE\\u166D\\u180F\\u1ABF-\\u1ACE\\u1CF7\\u1DF6-\\u1DFB\\u2E43-\\u2E5D\\uA82C\\uA8C5"
                    + "\\uA8FF]");

    @TempDir
    private Path directory;

    private ObjectNode bundled() throws IOException {
        return (ObjectNode) MAPPER.readTree(Files.readAllBytes(TestData.TALES.resolve("tokenizer.json")));
    }

    /** Unigram and WordPiece vocabularies, with the normalizers that belong to them. */
    @ParameterizedTest
    @ValueSource(strings = {"unigram.json", "wordpiece.json"})
    void otherModels(String name) throws IOException {
        Path file = Path.of("src/test/resources/vocabularies", name);
        compare((ObjectNode) MAPPER.readTree(Files.readAllBytes(file)), 5_000);
    }

    private void compare(ObjectNode json, int strings) throws IOException {
        Path file = directory.resolve("tokenizer.json");
        Files.write(file, MAPPER.writeValueAsBytes(json));
        Tokenizer ours = Tokenizer.load(file);
        try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(
                file, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"))) {
            RandomTexts texts = new RandomTexts(42, List.of("<|endoftext|>", "<|im_end|>", "[tool]"));
            for (int i = 0; i < strings; i++) {
                String text = NEW_CHARACTERS.matcher(texts.next()).replaceAll("x");
                int[] expected = Arrays.stream(theirs.encode(text, false, false).getIds())
                        .mapToInt(id -> (int) id)
                        .toArray();
                assertThat(ours.encode(text, EncodeOptions.PARSED))
                        .as(() -> "ids of \"" + text + "\"")
                        .containsExactly(expected);
                int[] tracked =
                        ours.encodeWithOffsets(text, EncodeOptions.PARSED).ids();
                assertThat(tracked)
                        .as(() -> "ids with offsets of \"" + text + "\"")
                        .containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"Digits\",\"individual_digits\":true}",
                "{\"type\":\"Digits\",\"individual_digits\":false}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Isolated\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Contiguous\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithPrevious\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithNext\"}",
                "{\"type\":\"Punctuation\",\"behavior\":\"Removed\"}",
                "{\"type\":\"Whitespace\"}",
                "{\"type\":\"WhitespaceSplit\"}",
                "{\"type\":\"BertPreTokenizer\"}",
                "{\"type\":\"Split\",\"pattern\":{\"String\":\"e\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[a-f]+\"},\"behavior\":\"Removed\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[a-f]+\"},\"behavior\":\"Removed\",\"invert\":true}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\p{Lu}\"},\"behavior\":\"MergedWithPrevious\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\p{Lu}\"},\"behavior\":\"MergedWithNext\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\d\"},\"behavior\":\"Contiguous\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\s+$\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?[\\\\p{Lu}\\\\p{Lt}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]*[\\\\p{Ll}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n/]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false}",
            })
    void preTokenizersBeforeBytes(String component) throws IOException {
        ObjectNode json = bundled();
        json.set(
                "pre_tokenizer",
                MAPPER.readTree("{\"type\":\"Sequence\",\"pretokenizers\":[" + component + "," + BYTES + "]}"));
        compare(json, 1_500);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}",
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Punctuation\",\"behavior\":\"Contiguous\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true},{\"type\":\"Digits\",\"individual_digits\":false},{\"type\":\"Split\",\"pattern\":{\"Regex\":\"[0-9][0-9][0-9]\"},\"behavior\":\"Isolated\",\"invert\":false}]}",
                "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"always\",\"split\":true}",
                "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"first\",\"split\":true}",
                "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"never\",\"split\":false}",
            })
    void otherPreTokenizers(String component) throws IOException {
        ObjectNode json = bundled();
        json.set("pre_tokenizer", MAPPER.readTree(component));
        compare(json, 3_000);
    }

    /** Pre-tokenizers that GGUF files name, as the tokenizer.json of the models spells them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-2",
                "llama-bpe",
                "qwen2",
                "gpt-4o",
                "tekken",
                "smollm",
                "deepseek-llm",
                "deepseek-coder",
                "deepseek-v3",
                "glm4",
                "falcon"
            })
    void namedSplitPatterns(String name) throws IOException {
        ObjectNode json = bundled();
        ArrayNode stages =
                json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        for (String pattern : SplitPatterns.named(name)) {
            // Oniguruma spells code points above the first plane otherwise
            stages.addObject()
                    .put("type", "Split")
                    .put("behavior", "Isolated")
                    .put("invert", false)
                    .putObject("pattern")
                    .put("Regex", pattern.replaceAll("\\\\u([0-9A-F]{4})", "\\\\x{$1}"));
        }
        stages.add(MAPPER.readTree(BYTES));
        compare(json, 3_000);
        RandomTexts texts = new RandomTexts(7, List.of());
        PreTokenizer ours = HuggingFacePreTokenizers.named(name);
        PreTokenizer plain = new PreTokenizer.Sequence(SplitPatterns.named(name).stream()
                .<PreTokenizer>map(
                        pattern -> new PreTokenizer.Split(new BoundedRegex(pattern), SplitBehavior.ISOLATED, false))
                .toList());
        for (int i = 0; i < 20_000; i++) {
            String text = texts.next();
            assertThat(pieces(ours, text))
                    .as(() -> "pieces of \"" + text + "\"")
                    .isEqualTo(pieces(plain, text));
        }
    }

    private static List<String> pieces(PreTokenizer preTokenizer, String text) {
        List<String> pieces = new ArrayList<>();
        preTokenizer.split(
                Text.of(text, false),
                0,
                text.length(),
                (piece, start, end) -> pieces.add(new String(piece.chars(), start, end - start)));
        return pieces;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"StripAccents\"}",
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKD\"},{\"type\":\"StripAccents\"},{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true}]}",
                "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
                "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true}",
                "{\"type\":\"BertNormalizer\",\"clean_text\":false,\"handle_chinese_chars\":false,\"strip_accents\":true,\"lowercase\":false}",
                "{\"type\":\"NFC\"}",
                "{\"type\":\"NFD\"}",
                "{\"type\":\"NFKC\"}",
                "{\"type\":\"NFKD\"}",
                "{\"type\":\"Lowercase\"}",
                "{\"type\":\"Prepend\",\"prepend\":\"x\"}",
                "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"e\"}",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"[aeiou]+\"},\"content\":\"oo\"}",
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKC\"},{\"type\":\"Lowercase\"},{\"type\":\"Prepend\",\"prepend\":\"a\"}]}",
            })
    void normalizers(String component) throws IOException {
        ObjectNode json = bundled();
        json.set("normalizer", MAPPER.readTree(component));
        compare(json, 3_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\"lstrip\":true,\"rstrip\":false,\"single_word\":false,\"normalized\":false,\"special\":false",
                "\"lstrip\":false,\"rstrip\":true,\"single_word\":false,\"normalized\":false,\"special\":true",
                "\"lstrip\":true,\"rstrip\":true,\"single_word\":false,\"normalized\":true,\"special\":false",
                "\"lstrip\":false,\"rstrip\":false,\"single_word\":true,\"normalized\":false,\"special\":false",
                "\"lstrip\":false,\"rstrip\":false,\"single_word\":true,\"normalized\":true,\"special\":false",
            })
    void addedTokens(String flags) throws IOException {
        for (String content : List.of("the", "[tool]", "e")) {
            ObjectNode json = bundled();
            json.withArray("added_tokens")
                    .add(MAPPER.readTree("{\"id\":4096,\"content\":\"" + content + "\"," + flags + "}"));
            json.set("normalizer", MAPPER.readTree("{\"type\":\"Lowercase\"}"));
            compare(json, 1_000);
        }
    }
}
