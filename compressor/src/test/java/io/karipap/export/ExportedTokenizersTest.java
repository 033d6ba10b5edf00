package io.karipap.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.format.SplitPatterns;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Vocabularies of GGUF files as tokenizer.json, and those of tokenizer.json as GGUF: the same ids and texts. */
class ExportedTokenizersTest {
    private static final Path SMALL = Path.of("../tokenizer/src/test/resources");

    @TempDir
    private Path temporary;

    private static List<String> lines() throws IOException {
        return Json.parse(Files.readAllBytes(SMALL.resolve("golden/mixed-lines.json")))
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    private static Path path(String name) {
        return name.contains("/")
                ? TestData.require(name)
                : SMALL.resolve("vocabularies").resolve(name);
    }

    private static final String VECTORS = "data/tokenizers/vectors/ggml-vocab-";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wordpiece.gguf",
                VECTORS + "gpt-2.gguf",
                VECTORS + "llama-spm.gguf",
                "models/real/SmolLM2-135M-Instruct.Q4_1.gguf"
            })
    void ofGgufAsJson(String name) throws IOException {
        Path gguf = path(name);
        ObjectNode json = HuggingFaceTokenizer.of(GgufMetadata.read(gguf));
        assertSame(Tokenizer.load(gguf), Tokenizer.read(name, Json.bytes(json)));
    }

    @ParameterizedTest
    @Tag("campaign")
    @ValueSource(
            strings = {
                VECTORS + "phi-3.gguf",
                VECTORS + "mpt.gguf",
                VECTORS + "starcoder.gguf",
                VECTORS + "refact.gguf",
                VECTORS + "falcon.gguf",
                VECTORS + "deepseek-llm.gguf",
                VECTORS + "deepseek-coder.gguf",
                "models/real/Qwen2.5-Coder-0.5B-Instruct.Q4_K_M.gguf",
                "models/real/gemma-3-270m.Q4_K_M.gguf"
            })
    void ofLargeGgufAsJson(String name) throws IOException {
        ofGgufAsJson(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wordpiece.json",
                "models/stories260k/tokenizer.json",
                "data/tokenizers/tinyllama_hf/tokenizer.json"
            })
    void ofJsonAsGguf(String name) throws IOException {
        Path file = path(name);
        assertSame(Tokenizer.load(file), Tokenizer.load(gguf(Json.parse(Files.readAllBytes(file)), "{}", "{}")));
    }

    private static void assertSame(Tokenizer expected, Tokenizer actual) throws IOException {
        for (String line : lines()) {
            int[] ids = expected.encode(line);
            assertThat(actual.encode(line)).as("ids of \"%s\"", line).containsExactly(ids);
            assertThat(actual.encode(line, EncodeOptions.PROMPT))
                    .containsExactly(expected.encode(line, EncodeOptions.PROMPT));
            assertThat(actual.decode(ids)).isEqualTo(expected.decode(ids));
        }
    }

    /**
     * Compiled rules mean something else to SentencePiece and to Hugging Face's tokenizers where characters are composed, and spaces before
     * a text are dropped by one and kept by the other.
     */
    @Test
    void unigramDiffersOnlyAsItsReferencesDo() throws IOException {
        Tokenizer gguf = Tokenizer.load(path("unigram.gguf"));
        Tokenizer json = Tokenizer.load(path("unigram.json"));
        ObjectNode ofGguf = HuggingFaceTokenizer.of(GgufMetadata.read(path("unigram.gguf")));
        Tokenizer madeJson = Tokenizer.read("unigram", Json.bytes(ofGguf));
        Tokenizer madeGguf = Tokenizer.load(gguf(Json.parse(Files.readAllBytes(path("unigram.json"))), "{}", "{}"));
        for (String line : lines()) {
            assertThat(madeJson.encode(line, EncodeOptions.PROMPT))
                    .containsExactly(json.encode(line, EncodeOptions.PROMPT));
            assertThat(madeGguf.encode(line, EncodeOptions.PROMPT))
                    .containsExactly(gguf.encode(line, EncodeOptions.PROMPT));
        }
    }

    /** A directory's tokenizer as a GGUF file without tensors. */
    private Path gguf(JsonNode tokenizer, String config, String tokenizerConfig) throws IOException {
        Path directory = Files.createTempDirectory(temporary, "model");
        Files.write(directory.resolve("tokenizer.json"), Json.bytes(tokenizer));
        JsonNode model = tokenizer.path("model");
        int size = model.path("vocab").size() + tokenizer.path("added_tokens").size();
        ObjectNode fields = (ObjectNode) Json.parse(config);
        JsonNode processor = tokenizer.path("post_processor");
        ids(processor, fields);
        Files.write(directory.resolve("config.json"), Json.bytes(fields));
        Files.writeString(directory.resolve("tokenizer_config.json"), tokenizerConfig);
        GgufWriter writer = new GgufWriter();
        new GgufVocabularyExport(directory, new ModelSource.Directory(directory), size).put(writer);
        Path file = directory.resolve("model.gguf");
        writer.write(file);
        return file;
    }

    /** The config of a model names the tokens that its template puts around texts. */
    private static void ids(JsonNode processor, ObjectNode config) {
        TextTemplate template = TextTemplate.of(processor);
        if (!template.prefix().isEmpty() && !config.has("bos_token_id")) {
            config.put("bos_token_id", template.prefix().getFirst());
        }
        if (!template.suffix().isEmpty() && !config.has("eos_token_id")) {
            config.put("eos_token_id", template.suffix().getFirst());
        }
    }

    private static ObjectNode tales() throws IOException {
        return (ObjectNode) Json.parse(Files.readAllBytes(Path.of("models/tales/tokenizer.json")));
    }

    private static void split(ObjectNode root, String... patterns) {
        ArrayNode stages =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        for (String pattern : patterns) {
            ObjectNode split = stages.addObject().put("type", "Split").put("behavior", "Isolated");
            split.put("invert", false).putObject("pattern").put("Regex", pattern);
        }
        stages.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("use_regex", false);
    }

    @ParameterizedTest
    @CsvSource({"llama-bpe, true", "dbrx, false", "qwen2, false", "gpt-4o, false", "tekken, true", "deepseek-v3, false"
    })
    void thePatternsHaveAName(String name, boolean ignoreMerges) throws IOException {
        ObjectNode json = tales();
        split(json, SplitPatterns.named(name).toArray(String[]::new));
        ((ObjectNode) json.path("model")).put("ignore_merges", ignoreMerges);
        GgufMetadata metadata = GgufMetadata.read(gguf(json, "{}", "{}"));
        assertThat(metadata.string("tokenizer.ggml.pre", "")).isEqualTo(name);
    }

    @Test
    void digitsAndThenGpt2AreSmolLm() throws IOException {
        ObjectNode json = tales();
        ArrayNode stages =
                json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        stages.addObject().put("type", "Digits").put("individual_digits", true);
        stages.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("use_regex", true);
        assertThat(GgufMetadata.read(gguf(json, "{}", "{}")).string("tokenizer.ggml.pre", ""))
                .isEqualTo("smollm");
    }

    @Test
    void otherPatternsAreRefused() throws IOException {
        ObjectNode json = tales();
        split(json, "[a-z]+");
        assertThatThrownBy(() -> gguf(json, "{}", "{}")).hasMessageContaining("[a-z]+");
    }

    @Test
    void onlyABeginningThatIsPutThereIsSaid() throws IOException {
        GgufMetadata plain = GgufMetadata.read(gguf(tales(), "{\"bos_token_id\": 4093}", "{}"));
        assertThat(plain.bool("tokenizer.ggml.add_bos_token", true)).isFalse();
        ObjectNode ending = tales();
        ObjectNode processor = ending.putObject("post_processor").put("type", "TemplateProcessing");
        processor.putArray("single").addObject().putObject("Sequence").put("id", "A");
        ((ArrayNode) processor.path("single"))
                .addObject()
                .putObject("SpecialToken")
                .put("id", "<|im_end|>");
        processor
                .putObject("special_tokens")
                .putObject("<|im_end|>")
                .putArray("ids")
                .add(4095);
        GgufMetadata ends = GgufMetadata.read(gguf(ending, "{\"bos_token_id\": 4093, \"eos_token_id\": 4095}", "{}"));
        assertThat(ends.bool("tokenizer.ggml.add_bos_token", true)).isFalse();
        assertThat(ends.bool("tokenizer.ggml.add_eos_token", false)).isTrue();
        assertThatThrownBy(() -> gguf(ending, "{\"eos_token_id\": 4093}", "{}"))
                .hasMessageContaining("the tokens [4095] are put after every text");
    }

    @Test
    void allTokensThatEndATextAreSaid() throws IOException {
        GgufMetadata metadata = GgufMetadata.read(gguf(
                tales(),
                "{\"eos_token_id\": [4093, 4095], \"pad_token_id\": 4094}",
                "{\"eos_token\": \"<|im_end|>\"}"));
        assertThat(metadata.number("tokenizer.ggml.eos_token_id", -1)).isEqualTo(4095);
        assertThat(metadata.number("tokenizer.ggml.eot_token_id", -1)).isEqualTo(4093);
        assertThat(metadata.number("tokenizer.ggml.padding_token_id", -1)).isEqualTo(4094);
        assertThatThrownBy(() -> gguf(tales(), "{\"eos_token_id\": [1, 2, 3, 4]}", "{}"))
                .hasMessageContaining("4 tokens end a text");
    }

    @Test
    void theChatTemplateIsKept() throws IOException {
        String one = "{\"chat_template\": \"{{ messages[0].content }}\"}";
        String several =
                "{\"chat_template\": [{\"name\": \"tools\", \"template\": \"b\"}, {\"name\": \"default\", \"template\": \"a\"}]}";
        assertThat(GgufMetadata.read(gguf(tales(), "{}", one)).chatTemplate()).isEqualTo("{{ messages[0].content }}");
        assertThat(GgufMetadata.read(gguf(tales(), "{}", several)).chatTemplate())
                .isEqualTo("a");
    }

    @Test
    void addedTokensAreControlOnlyIfTheyAreSpecial() throws IOException {
        ObjectNode json = tales();
        ((ObjectNode) json.path("added_tokens").get(1)).put("special", false);
        Path file = gguf(json, "{}", "{}");
        long[] types = GgufMetadata.read(file).wholes("tokenizer.ggml.token_type");
        assertThat(Arrays.copyOfRange(types, 4093, 4096)).containsExactly(3L, 4L, 3L);
        Tokenizer read = Tokenizer.load(file);
        assertThat(read.encode("a<|im_start|>b"))
                .containsExactly(Tokenizer.read("", Json.bytes(json)).encode("a<|im_start|>b"));
        assertThat(read.isSpecial(4094)).isFalse();
        assertThat(read.isSpecial(4093)).isTrue();
    }
}
