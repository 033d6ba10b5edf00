package io.karipap.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that other programs put into the cache. */
class CachedModelTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);

    @TempDir
    private Path folder;

    private Path cache;
    private HubSettings settings;

    @BeforeEach
    void settings() {
        cache = folder.resolve("hub");
        settings = new HubSettings(URI.create("http://127.0.0.1:1"), cache, Optional.empty(), true);
    }

    private Path repository() {
        return cache.resolve("models--acme--tiny");
    }

    private Path snapshot(String commit) {
        return repository().resolve("snapshots").resolve(commit);
    }

    /** A file of a snapshot whose blob has that name and as many bytes as asked for. */
    private void put(String commit, String path, String blob, int bytes) throws IOException {
        Path stored = repository().resolve("blobs").resolve(blob);
        Files.createDirectories(stored.getParent());
        Files.write(stored, new byte[bytes]);
        Path link = snapshot(commit).resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(stored));
    }

    private void refer(String revision, String commit) throws IOException {
        Path ref = repository().resolve("refs").resolve(revision);
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, commit);
    }

    private void putModel(String commit) throws IOException {
        put(commit, "config.json", "c", 2);
        put(commit, "tokenizer.json", "t", 20);
        put(commit, "model.safetensors", "w", 1000);
    }

    private Path resolve(String text) throws IOException {
        return CachedModel.resolve(text, settings);
    }

    private void assertFails(String text, String... parts) {
        assertThatThrownBy(() -> resolve(text))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(parts)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aPathThatExistsWins() throws IOException {
        assertThat(resolve(folder.toString())).isEqualTo(folder);
        assertThat(resolve("src/main")).isEqualTo(Path.of("src/main"));
        assertThat(resolve("no/such/model")).isEqualTo(Path.of("no/such/model"));
        assertThat(resolve("nothing")).isEqualTo(Path.of("nothing"));
    }

    @Test
    void whatIsNotThereNamesTheCommand() {
        assertFails("acme/tiny", "acme/tiny is no file or folder here", "./karipap pull acme/tiny");
        assertFails("acme/tiny:Q4_K_M@v1", "./karipap pull acme/tiny:Q4_K_M@v1");
    }

    @Test
    void revisionsAreFound() throws IOException {
        putModel(A);
        putModel(B);
        refer("main", A);
        refer("refs/pr/3", B);
        assertThat(resolve("acme/tiny")).isEqualTo(snapshot(A));
        assertThat(resolve("acme/tiny@refs/pr/3")).isEqualTo(snapshot(B));
        assertThat(resolve("acme/tiny@" + B)).isEqualTo(snapshot(B));
        assertThat(resolve("acme/tiny@bbbbbbb")).isEqualTo(snapshot(B));
        assertFails("acme/tiny@v2", "at main, refs/pr/3, not at v2", "./karipap pull acme/tiny@v2");
        refer("main", "x".repeat(40));
        assertFails("acme/tiny", "refs/main holds no commit");
    }

    @Test
    void partsAreNoModel() throws IOException {
        put(A, "config.json", "c", 2);
        refer("main", A);
        assertFails("acme/tiny", "only a part of acme/tiny (no weights)", "./karipap pull acme/tiny");
        put(A, "model.safetensors", "w", 1000);
        assertFails("acme/tiny", "no tokenizer");
        put(A, "tokenizer.json", "t", 20);
        assertThat(resolve("acme/tiny")).isEqualTo(snapshot(A));
        Files.writeString(
                snapshot(A).resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}");
        assertFails("acme/tiny", "no model-00001-of-00001.safetensors");
    }

    @Test
    void brokenLinksAreNoFiles() throws IOException {
        putModel(A);
        refer("main", A);
        Files.delete(repository().resolve("blobs/w"));
        assertFails("acme/tiny", "only a part");
    }

    @Test
    void snapshotsAreListed() throws IOException {
        putModel(A);
        put(A, "copy.safetensors", "w", 1000);
        refer("main", A);
        refer("v1.0", A);
        Files.createDirectories(cache.resolve("datasets--acme--words/snapshots/" + B));
        Files.createDirectories(cache.resolve(".locks"));
        List<Snapshot> all = new HubCache(cache).snapshots();
        assertThat(all).hasSize(1);
        assertThat(all.getFirst().repository()).hasToString("acme/tiny");
        assertThat(all.getFirst().revisions()).containsExactly("main", "v1.0");
        assertThat(all.getFirst().bytes()).isEqualTo(1022);
        assertThat(all.getFirst().files()).hasSize(4);
    }

    @Test
    void removalFreesWhatNothingElseRefersTo() throws IOException {
        putModel(A);
        put(B, "config.json", "c2", 3);
        put(B, "model.safetensors", "w", 1000);
        refer("main", A);
        refer("v2", B);
        CacheRemoval removal = CacheRemoval.of(ModelReference.parse("acme/tiny@main"), cache);
        assertThat(removal.bytes()).isEqualTo(22);
        removal.run();
        assertThat(snapshot(A)).doesNotExist();
        assertThat(repository().resolve("refs/main")).doesNotExist();
        assertThat(CachedRepository.names(repository().resolve("blobs"))).containsExactly("c2", "w");
        assertThat(snapshot(B).resolve("model.safetensors")).isRegularFile();
        CacheRemoval rest = CacheRemoval.of(ModelReference.parse("acme/tiny"), cache);
        assertThat(rest.bytes()).isEqualTo(1003 + 40);
        rest.run();
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void removalOfAQuantisationLeavesTheOthers() throws IOException {
        put(A, "x-Q4_0.gguf", "q4", 10);
        put(A, "x-Q8_0-00001-of-00002.gguf", "q81", 20);
        put(A, "x-Q8_0-00002-of-00002.gguf", "q82", 20);
        put(B, "x-Q4_0.gguf", "q4", 10);
        refer("main", A);
        CacheRemoval removal = CacheRemoval.of(ModelReference.parse("acme/tiny:Q8_0"), cache);
        assertThat(removal.bytes()).isEqualTo(40);
        removal.run();
        assertThat(resolve("acme/tiny")).isEqualTo(snapshot(A).resolve("x-Q4_0.gguf"));
        assertThat(CachedRepository.names(repository().resolve("blobs"))).containsExactly("q4");
        put(A, "y-Q5_0-00001-of-00002.gguf", "q5", 5); // the other shard never came
        assertThat(CacheRemoval.of(ModelReference.parse("acme/tiny:Q5_0"), cache)
                        .bytes())
                .isEqualTo(5);
        CacheRemoval.of(ModelReference.parse("acme/tiny:Q5_0@main"), cache).run();
        CacheRemoval.of(ModelReference.parse("acme/tiny:x-Q4_0.gguf"), cache).run();
        assertThat(new HubCache(cache).snapshots()).isEmpty();
        assertThat(repository().resolve("refs/main")).doesNotExist();
        assertThatThrownBy(() -> CacheRemoval.of(ModelReference.parse("acme/other"), cache))
                .hasMessageContaining("acme/other is not in");
    }

    @Test
    void removalTouchesNothingOutside() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "gold");
        putModel(A);
        refer("main", A);
        Files.createSymbolicLink(snapshot(A).resolve("a.gguf"), precious);
        Files.createSymbolicLink(repository().resolve("blobs/d"), folder);
        CacheRemoval.of(ModelReference.parse("acme/tiny@main"), cache).run();
        assertThat(precious).hasContent("gold");
        CacheRemoval.of(ModelReference.parse("acme/tiny"), cache).run();
        assertThat(precious).hasContent("gold");
        assertThat(repository()).doesNotExist();
    }
}
