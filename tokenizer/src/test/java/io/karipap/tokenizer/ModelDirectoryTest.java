package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model directories in the formats that models come in, with what the files beside the vocabulary say. */
class ModelDirectoryTest {
    private static final Path SMALL = Path.of("src/test/resources/vocabularies");

    @TempDir
    private Path directory;

    private void put(String vocabulary, String name) throws IOException {
        Files.copy(SMALL.resolve(vocabulary), directory.resolve(name));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @ParameterizedTest
    @CsvSource({
        "unigram.json,tokenizer.json",
        "tekken/tekken.json,tekken.json",
        "gemma.model,tokenizer.model",
        "unigram.model,spiece.model",
        "bert/vocab.txt,vocab.txt",
        "unigram.gguf,model.gguf"
    })
    void everyFormatIsFound(String vocabulary, String name) throws IOException {
        put(vocabulary, name);
        String text = "the garden";
        assertThat(Tokenizer.load(directory).encode(text))
                .containsExactly(Tokenizer.load(SMALL.resolve(vocabulary)).encode(text));
    }

    @Test
    void theMostExactDescriptionIsTaken() throws IOException {
        put("gemma.model", "tokenizer.model");
        put("unigram.json", "tokenizer.json");
        put("tekken/tekken.json", "tekken.json");
        assertThat(Tokenizer.load(directory).vocabularySize())
                .isEqualTo(Tokenizer.load(SMALL.resolve("unigram.json")).vocabularySize());
    }

    @Test
    void aSentencePieceModelTakesSpecialTokensFromTheConfiguration() throws IOException {
        put("gemma.model", "tokenizer.model");
        write("tokenizer_config.json", """
                {"tokenizer_class": "GemmaTokenizerFast", "add_bos_token": true, "add_eos_token": true,
                 "bos_token": {"content": "<s>"}, "eos_token": "<end>",
                 "added_tokens_decoder": {"2000": {"content": "<end>", "special": true},
                                          "2001": {"content": "<|user|>", "special": true, "rstrip": true},
                                          "2002": {"content": "<think>", "special": false, "normalized": false}}}""");
        Tokenizer tokenizer = Tokenizer.load(directory);
        int[] plain = tokenizer.encode("garden");
        int[] prompt = tokenizer.encode("garden", EncodeOptions.PROMPT);
        assertThat(prompt).hasSize(plain.length + 2).startsWith(2).endsWith(2000);
        assertThat(tokenizer.encode("<|user|>  garden<think>", EncodeOptions.PARSED))
                .startsWith(2001)
                .endsWith(2002)
                .hasSize(plain.length + 2);
        assertThat(tokenizer.encode("<|user|>"))
                .as("special tokens are text unless asked for")
                .doesNotContain(2001);
        assertThat(tokenizer.isSpecial(2001)).isTrue();
        assertThat(tokenizer.decode(new int[] {2, 2002, 2000})).isEqualTo("<think>");
    }

    @Test
    void addedTokensWithoutAConfigurationComeFromTheOlderFiles() throws IOException {
        put("gemma.model", "tokenizer.model");
        write("added_tokens.json", "{\"<pad2>\": 2000, \"<word>\": 2001}");
        write("special_tokens_map.json", "{\"additional_special_tokens\": [\"<pad2>\"]}");
        Tokenizer tokenizer = Tokenizer.load(directory);
        assertThat(tokenizer.isSpecial(2000)).isTrue();
        assertThat(tokenizer.isSpecial(2001)).isFalse();
        assertThat(tokenizer.encode("<word>")).containsExactly(2001);
    }

    @Test
    void t5PutsItsEndBehindTextsAndHasSentinels() throws IOException {
        put("unigram.model", "spiece.model");
        write("tokenizer_config.json", "{\"tokenizer_class\": \"T5Tokenizer\", \"eos_token\": \"</s>\"}");
        Tokenizer tokenizer = Tokenizer.load(directory);
        assertThat(tokenizer.encode("garden", EncodeOptions.PROMPT)).endsWith(1);
        assertThat(tokenizer.id("<extra_id_0>").getAsInt()).isEqualTo(tokenizer.vocabularySize() - 1);
    }

    @Test
    void bertPutsItsTokensAroundTexts() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(SMALL.resolve("bert"));
        assertThat(tokenizer.encode("Garden", EncodeOptions.PROMPT))
                .startsWith(2)
                .endsWith(3);
        assertThat(tokenizer.decode(tokenizer.encode("The garden's gate, then.")))
                .isEqualTo("the garden ' s gate, then.");
    }

    @Test
    void mistralBeginsTexts() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(SMALL.resolve("tekken"));
        assertThat(tokenizer.encode("garden", EncodeOptions.PROMPT)).startsWith(1);
        assertThat(tokenizer.token(3)).contains("[INST]");
        assertThat(tokenizer.encode("[INST]x", EncodeOptions.PARSED)).startsWith(3);
    }

    @ParameterizedTest
    @CsvSource({
        "unigram.model,spiece.model,XLMRobertaTokenizer",
        "bert/vocab.txt,vocab.txt,BertJapaneseTokenizer",
        "unigram.model,tokenizer.model,CamembertTokenizer"
    })
    void aClassThatIsNotKnownIsRefusedByName(String vocabulary, String name, String type) throws IOException {
        put(vocabulary, name);
        write("tokenizer_config.json", "{\"tokenizer_class\": \"" + type + "\"}");
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(type)
                .hasMessageContaining(name);
    }

    @Test
    void anEmptyDirectorySaysWhatIsMissing() {
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tekken.json");
    }
}
