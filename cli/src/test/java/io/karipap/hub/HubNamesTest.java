package io.karipap.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubNamesTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "acme/tiny,acme/tiny,-,-",
                "gpt2,gpt2,-,-",
                "acme/tiny.v1_2:Q4_K_M,acme/tiny.v1_2,Q4_K_M,-",
                "acme/tiny@refs/pr/1,acme/tiny,-,refs/pr/1",
                "acme/tiny:a/b-00001-of-00002.gguf@v1.0,acme/tiny,a/b-00001-of-00002.gguf,v1.0",
            })
    void referencesAreParsed(String text, String repository, String selector, String revision) {
        ModelReference reference = ModelReference.parse(text);
        assertThat(reference.repository().text()).isEqualTo(repository);
        assertThat(reference.selector()).isEqualTo(Optional.ofNullable(selector));
        assertThat(reference.revision().map(Revision::text)).isEqualTo(Optional.ofNullable(revision));
        assertThat(reference).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "acme/",
                "/tiny",
                "a/b/c",
                "../tiny",
                "acme/..",
                "acme/a--b",
                "acme/tiny.git",
                "acme/ti ny",
                "-a/b",
                "acme/tiny:",
                "acme/tiny:../x",
                "acme/tiny:/x",
                "acme/tiny@",
                "acme/tiny@../x",
                "acme/tiny@a//b",
                "acme/tiny@/x",
                "acme/tiny@.x",
                "acme/tiny@a/.git",
                "acme/tiny:a\\b",
                "https://huggingface.co/acme/tiny"
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertThatThrownBy(() -> ModelReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void foldersOfTheCacheAreNames() {
        assertThat(new RepositoryName("acme/tiny").folder()).isEqualTo("models--acme--tiny");
        assertThat(RepositoryName.ofFolder("models--gpt2")).contains(new RepositoryName("gpt2"));
        assertThat(RepositoryName.ofFolder("models--a--b-c")).contains(new RepositoryName("a/b-c"));
        assertThat(RepositoryName.ofFolder("datasets--acme--x")).isEmpty();
        assertThat(RepositoryName.ofFolder("models--..--x")).isEmpty();
    }

    @Test
    void unsafePathsAreRefused() {
        for (String path :
                List.of("", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\\b", "a\nb", "a\0b", "x".repeat(256))) {
            assertThat(RepositoryFile.isSafe(path)).as(path).isFalse();
        }
        assertThat(RepositoryFile.isSafe("a b/..c/é..gguf")).isTrue();
        assertThatThrownBy(() -> new RepositoryFile("a\u001b[2J/..", OptionalLong.empty()))
                .hasMessage("\"a?[2J/..\" is no safe name of a file");
    }

    @Test
    void entityTagsAreHashes() {
        String sha = "ab".repeat(32);
        assertThat(ContentHash.ofEntityTag("\"" + sha + "\"")).contains(new ContentHash(sha));
        assertThat(ContentHash.ofEntityTag("W/\"" + sha.substring(24) + "\""))
                .contains(new ContentHash(sha.substring(24)));
        assertThat(ContentHash.ofEntityTag("\"../../x\"")).isEmpty();
        assertThat(ContentHash.ofEntityTag("")).isEmpty();
    }

    /** Compared with {@code git hash-object} of the same content. */
    @Test
    void smallFilesHashAsGitDoes() {
        ContentHash hash = new ContentHash("ce013625030ba8dba906f756967f9e9ca394464a");
        var digest = hash.digest(6);
        digest.update("hello\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(ContentHash.hex(digest)).isEqualTo(hash.hex());
    }

    @Test
    void quantisationsAreReadFromNames() throws IOException {
        Map<String, String> quants = Map.of(
                "SmolLM2-135M-Instruct-Q4_K_M.gguf", "Q4_K_M",
                "llama-2-7b.Q5_0.gguf", "Q5_0",
                "m-UD-IQ2_XXS.gguf", "UD-IQ2_XXS",
                "gemma_f16.gguf", "F16",
                "BF16/m-BF16-00001-of-00002.gguf", "BF16",
                "gpt-oss-mxfp4.gguf", "MXFP4");
        quants.forEach((path, quant) -> assertThat(GgufModel.of(List.of(new RepositoryFile(path, OptionalLong.empty())))
                        .getFirst()
                        .quant())
                .as(path)
                .contains(quant));
        List<GgufModel> models = GgufModel.of(List.of(
                new RepositoryFile("m-UD-Q4_K_XL.gguf", OptionalLong.of(5)),
                new RepositoryFile("m-Q4_K_M.gguf", OptionalLong.of(5)),
                new RepositoryFile("other-Q4_K_M.gguf", OptionalLong.of(5)),
                new RepositoryFile("s-Q8_0-00002-of-00002.gguf", OptionalLong.of(5))));
        assertThat(GgufChoice.of(models, ModelReference.parse("a/b:q4_k_xl")).name())
                .isEqualTo("m-UD-Q4_K_XL");
        assertThatThrownBy(() -> GgufChoice.of(models, ModelReference.parse("a/b:Q4_K_M")))
                .hasMessage("a/b has several of \"Q4_K_M\": :m-Q4_K_M.gguf (5 B), :other-Q4_K_M.gguf (5 B)");
        assertThatThrownBy(() -> GgufChoice.of(models, ModelReference.parse("a/b:Q8_0")))
                .hasMessage("s-Q8_0.gguf has only 1 of its 2 shards");
    }

    @Test
    void settingsComeFromTheEnvironment(@TempDir Path home) throws IOException {
        HubSettings plain = HubSettings.of(Map.of(), home);
        assertThat(plain.endpoint()).hasToString("https://huggingface.co");
        assertThat(plain.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(plain.token()).isEmpty();
        assertThat(plain.offline()).isFalse();
        Path hf = home.resolve("hf");
        Files.createDirectories(hf);
        Files.writeString(hf.resolve("token"), "hf_file\n");
        HubSettings moved = HubSettings.of(Map.of("HF_HOME", "~/hf", "HF_HUB_OFFLINE", "1"), home);
        assertThat(moved.cache()).isEqualTo(hf.resolve("hub"));
        assertThat(moved.token()).contains("hf_file");
        assertThat(moved.offline()).isTrue();
        HubSettings all = HubSettings.of(
                Map.of(
                        "HF_HOME", hf.toString(),
                        "HF_HUB_CACHE", "/srv/models",
                        "HF_TOKEN", " hf_secret ",
                        "HF_ENDPOINT", "http://localhost:8000/hub/"),
                home);
        assertThat(all.cache()).isEqualTo(Path.of("/srv/models"));
        assertThat(all.token()).contains("hf_secret");
        assertThat(all.endpoint()).hasToString("http://localhost:8000/hub");
        assertThat(all.toString()).doesNotContain("secret");
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/c"), home).cache())
                .isEqualTo(Path.of("/c/huggingface/hub"));
        for (String endpoint : List.of("huggingface.co", "ftp://x", "http://", "http://a b", "http://u:p@h/")) {
            assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint), home))
                    .hasMessageContaining("HF_ENDPOINT is \"" + endpoint + "\"");
        }
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN", "a\nb"), home))
                .hasMessageContaining("HF_TOKEN holds")
                .message()
                .doesNotContain("a\nb");
    }

    @Test
    void sizesAreReadable() {
        assertThat(List.of(0L, 999L, 1000L, 999_949L, 999_950L, 4_920_000_000L, Long.MAX_VALUE).stream()
                        .map(ByteCount::text))
                .containsExactly("0 B", "999 B", "1.0 KB", "999.9 KB", "1.0 MB", "4.9 GB", "9.2 EB");
    }
}
