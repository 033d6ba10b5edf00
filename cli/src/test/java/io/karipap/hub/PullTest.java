package io.karipap.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullTest {
    private static final String SHARD = "model-00001-of-00002.safetensors";
    private static final RetryPolicy QUICK = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofSeconds(10));

    @TempDir
    private Path cache;

    private LocalHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new LocalHub().model();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private PulledModel pull(String reference) throws IOException {
        return pull(reference, hub.settings(cache));
    }

    private static PulledModel pull(String reference, HubSettings settings) throws IOException {
        return new Pull(settings, QUICK, DiskSpace.OF_FILE_SYSTEM, TransferProgress.NONE)
                .run(ModelReference.parse(reference));
    }

    private Path repository() {
        return cache.resolve("models--acme--tiny");
    }

    private Path blob(String path) {
        return repository().resolve("blobs").resolve(hub.files.get(path).hash());
    }

    private Path incomplete(String path) {
        return blob(path).resolveSibling(blob(path).getFileName() + ".karipap.incomplete");
    }

    private void assertFails(String reference, String... parts) {
        assertThatThrownBy(() -> pull(reference))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(parts)
                .message()
                .doesNotContain("\n", "secret");
    }

    @Test
    void writesTheLayoutThatOthersRead() throws IOException {
        PulledModel pulled = pull("acme/tiny");
        Path snapshot = repository().resolve("snapshots").resolve(LocalHub.COMMIT);
        assertThat(pulled.path()).isEqualTo(snapshot);
        assertThat(pulled.bytes()).isGreaterThan(3_005_000);
        assertThat(repository().resolve("refs/main")).hasContent(LocalHub.COMMIT);
        assertThat(CachedRepository.names(snapshot))
                .containsExactly(
                        "config.json",
                        SHARD,
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json");
        for (String name : CachedRepository.names(snapshot)) {
            Path link = Files.readSymbolicLink(snapshot.resolve(name));
            assertThat(link)
                    .isEqualTo(Path.of("../../blobs", hub.files.get(name).hash()));
            assertThat(snapshot.resolve(name))
                    .hasBinaryContent(hub.files.get(name).content());
        }
        assertThat(CachedRepository.names(repository().resolve("blobs"))).hasSize(5);
        assertThat(repository().resolve(".no_exist").resolve(LocalHub.COMMIT).resolve("chat_template.jinja"))
                .isEmptyFile();
        assertThat(cache.resolve("CACHEDIR.TAG")).content().startsWith("Signature: 8a477f597d28d172789f06886806bc55");
    }

    @Test
    void theTokenGoesToTheHubOnly() throws IOException {
        hub.token = "hf_secret";
        pull("acme/tiny");
        for (LocalHub.Request request : hub.requests) {
            assertThat(request.authorization()).isEqualTo(request.server().equals("hub") ? "Bearer hf_secret" : null);
        }
        assertThat(hub.count("storage", "GET", SHARD)).isOne();
    }

    @Test
    void whatIsThereIsNotLoadedAgain() throws IOException {
        pull("acme/tiny");
        hub.requests.clear();
        assertThat(pull("acme/tiny").loadedBytes()).isZero();
        assertThat(hub.requests).hasSize(1);
    }

    @Test
    void revisionsShareBlobs() throws IOException {
        pull("acme/tiny");
        String newer = LocalHub.COMMIT.replace('0', 'f');
        hub.commits.put("refs/pr/1", newer);
        hub.small("config.json", "{\"a\":1}");
        PulledModel pulled = pull("acme/tiny@refs/pr/1");
        assertThat(pulled.commit()).isEqualTo(newer);
        assertThat(pulled.loadedBytes()).isEqualTo(7);
        assertThat(repository().resolve("refs/refs/pr/1")).hasContent(newer);
        assertThat(repository().resolve("refs/main")).hasContent(LocalHub.COMMIT);
        assertThat(hub.count("storage", "GET", SHARD)).isOne();
    }

    @Test
    void brokenTransfersGoOnWhereTheyBroke() throws IOException {
        // Each brings more than a megabyte, so that five may follow one another though the limit is three.
        hub.breaks.put(SHARD, new ArrayList<>(List.of(1_100_000, 1_100_000, 10, 10)));
        pull("acme/tiny");
        assertThat(blob(SHARD)).hasBinaryContent(hub.files.get(SHARD).content());
        assertThat(hub.requests.stream()
                        .filter(r -> r.server().equals("storage") && r.path().endsWith(SHARD))
                        .map(LocalHub.Request::range))
                .hasSize(5)
                .startsWith((String) null)
                .allSatisfy(range -> assertThat(range).isNotEqualTo("bytes=0-"));
    }

    @Test
    void whatCameIsKeptWhenATransferBreaksTooOften() throws IOException {
        hub.breaks.put(SHARD, new ArrayList<>(List.of(2_000_000, 10, 10, 10)));
        assertFails("acme/tiny", SHARD, "3 times in a row", "pull again");
        assertThat(Files.size(incomplete(SHARD))).isGreaterThanOrEqualTo(1_000_000);
        assertThat(repository().resolve("refs/main")).doesNotExist();
        assertThat(repository().resolve("snapshots")).isEmptyDirectory();
        hub.requests.clear();
        long loaded = pull("acme/tiny").loadedBytes();
        assertThat(loaded).isLessThanOrEqualTo(2_000_000);
        assertThat(hub.requests)
                .anySatisfy(request -> assertThat(request.range()).matches("bytes=[12]\\d{6}-"));
        assertThat(incomplete(SHARD)).doesNotExist();
    }

    @Test
    void passingStatusesAreTriedAgain() throws IOException {
        hub.statuses.put(SHARD, new ArrayList<>(List.of(503, 429)));
        pull("acme/tiny");
        hub.statuses.put("pytorch_model.bin", new ArrayList<>(List.of(500, 500, 500, 500)));
        assertFails("acme/tiny:pytorch_model.bin", "answered 500", "3 times");
    }

    @Test
    void serversWithoutRangesStartOver() throws IOException {
        hub.ranges = false;
        hub.breaks.put(SHARD, new ArrayList<>(List.of(2_000_000)));
        pull("acme/tiny");
        assertThat(blob(SHARD)).hasBinaryContent(hub.files.get(SHARD).content());
    }

    @Test
    void silenceCountsAsBroken() throws IOException {
        hub.hang = true;
        hub.breaks.put(SHARD, new ArrayList<>(List.of(100)));
        RetryPolicy impatient = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofSeconds(1));
        long start = System.nanoTime();
        new Pull(hub.settings(cache), impatient, DiskSpace.OF_FILE_SYSTEM, TransferProgress.NONE)
                .run(ModelReference.parse("acme/tiny"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LocalHub.HANG);
        assertThat(blob(SHARD)).hasBinaryContent(hub.files.get(SHARD).content());
    }

    @Test
    void wrongBytesAreRefused() {
        hub.forged.put("config.json", new byte[] {'[', ']'});
        assertFails("acme/tiny", "config.json", "SHA-1 of git");
        hub.forged.clear();
        hub.forged.put(SHARD, LocalHub.bytes(9, 3_000_000));
        assertFails("acme/tiny", SHARD, "SHA-256", "pull again");
        assertThat(blob(SHARD)).doesNotExist();
        assertThat(repository().resolve("snapshots")).isEmptyDirectory();
    }

    @Test
    void moreBytesThanToldAreRefused() {
        hub.forged.put(SHARD, LocalHub.bytes(1, 3_000_001));
        assertFails("acme/tiny", SHARD, "longer than the 3000000 bytes");
    }

    @Test
    void damagedRemainsAreReplaced() throws IOException {
        Files.createDirectories(blob(SHARD).getParent());
        Files.write(incomplete(SHARD), new byte[1_000_000]);
        pull("acme/tiny");
        assertThat(blob(SHARD)).hasBinaryContent(hub.files.get(SHARD).content());
    }

    @Test
    void refusalsSayWhatToDo() throws IOException {
        assertFails("acme/nothing", "has no acme/nothing", "HF_TOKEN");
        assertFails("acme/tiny@v9", "no revision \"v9\"");
        assertFails("acme/tiny:Q4_K_M", "no file \"Q4_K_M\"");
        hub.gated = true;
        assertFails("acme/tiny", "acme/tiny is gated", "accept its terms", "HF_TOKEN");
        hub.gated = false;
        hub.token = "hf_other";
        assertFails("acme/tiny", "token was refused");
        hub.token = "";
        HubSettings nobody =
                new HubSettings(java.net.URI.create("http://127.0.0.1:1"), cache, java.util.Optional.empty(), false);
        assertThatThrownBy(() -> pull("acme/tiny", nobody))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("127.0.0.1 cannot be reached (no connection)", "HF_HUB_OFFLINE");
    }

    @Test
    void hostileAnswersAreRefused() throws IOException {
        hub.listing = "<html>";
        assertFails("acme/tiny", "is HF_ENDPOINT right?");
        hub.listing = "{\"sha\":\"../../x\",\"siblings\":[]}";
        assertFails("acme/tiny", "is HF_ENDPOINT right?");
        hub.listing = "{\"sha\":\"" + LocalHub.COMMIT
                + "\",\"siblings\":[{\"rfilename\":\"../x.gguf\"},{\"rfilename\":\"/etc/y.gguf\"},{\"rfilename\":\"a\\\\..\\\\z.gguf\"}]}";
        assertFails("acme/tiny", "nothing that Karipap reads");
        hub.listing = "";
        hub.redirect = "file:///etc/passwd";
        assertFails("acme/tiny", "may not go");
        hub.redirect = "/acme/tiny/resolve/main/" + SHARD;
        assertFails("acme/tiny", "redirects more than 10 times");
        hub.redirect = "";
        hub.small("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"../../../x.safetensors\"}}");
        assertFails("acme/tiny", "model.safetensors.index.json names \"../../../x.safetensors\"");
        try (var files = Files.walk(cache.getParent(), 1)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).doesNotContain("x.gguf", "x.safetensors");
        }
    }

    @Test
    void aFullDiskIsSeenBefore() {
        Pull pull = new Pull(hub.settings(cache), QUICK, folder -> 1_000_000, TransferProgress.NONE);
        assertThatThrownBy(() -> pull.run(ModelReference.parse("acme/tiny")))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("needs 3.0 MB", "1.0 MB are free", "HF_HUB_CACHE");
        assertThat(hub.count("storage", "GET", SHARD)).isZero();
    }

    @Test
    void twoPullsAtOnceLoadOnce() throws Exception {
        hub.breaks.put(SHARD, new ArrayList<>(List.of(1_500_000)));
        Callable<PulledModel> one = () -> pull("acme/tiny");
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<PulledModel> each : threads.invokeAll(List.of(one, one, one))) {
                assertThat(each.get().path()).isDirectory();
            }
        }
        assertThat(hub.count("storage", "GET", SHARD)).isEqualTo(2); // the second goes on after the break
        assertThat(blob(SHARD)).hasBinaryContent(hub.files.get(SHARD).content());
    }

    @Test
    void ggufRepositoriesGiveOneModel() throws IOException {
        hub.files.clear();
        hub.small("config.json", "{}")
                .large("tiny-Q4_K_M.gguf", LocalHub.bytes(1, 100))
                .large("Q8_0/tiny-Q8_0-00001-of-00002.gguf", LocalHub.bytes(2, 2000))
                .large("Q8_0/tiny-Q8_0-00002-of-00002.gguf", LocalHub.bytes(3, 500))
                .large("mmproj-tiny-F16.gguf", LocalHub.bytes(4, 10));
        assertFails("acme/tiny", "2 GGUF models, say which: :Q8_0 (2.5 KB), :Q4_K_M (100 B)");
        assertFails("acme/tiny:Q4_K", "has no \"Q4_K\", but :Q8_0");
        Path snapshot = repository().resolve("snapshots").resolve(LocalHub.COMMIT);
        PulledModel pulled = pull("acme/tiny:q8_0");
        assertThat(pulled.path()).isEqualTo(snapshot.resolve("Q8_0/tiny-Q8_0-00001-of-00002.gguf"));
        assertThat(pulled.bytes()).isEqualTo(2500);
        assertThat(snapshot.resolve("Q8_0/tiny-Q8_0-00002-of-00002.gguf")).isRegularFile();
        assertThat(Files.readSymbolicLink(pulled.path()).startsWith("../../../blobs"))
                .isTrue();
        assertThat(snapshot.resolve("tiny-Q4_K_M.gguf")).doesNotExist();
        assertThat(CachedModel.resolve("acme/tiny", hub.settings(cache))).isEqualTo(pulled.path());
        pull("acme/tiny:tiny-Q4_K_M.gguf");
        assertThat(CachedModel.resolve("acme/tiny:Q4_K_M", hub.settings(cache)))
                .isEqualTo(snapshot.resolve("tiny-Q4_K_M.gguf"));
    }

    @Test
    void offlineAsksNobody() throws IOException {
        HubSettings offline = new HubSettings(hub.endpoint(), cache, java.util.Optional.empty(), true);
        assertThatThrownBy(() -> pull("acme/tiny", offline))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("HF_HUB_OFFLINE is set");
        assertThat(hub.requests).isEmpty();
        pull("acme/tiny");
        hub.requests.clear();
        assertThat(pull("acme/tiny", offline).path()).isDirectory();
        assertThat(hub.requests).isEmpty();
    }
}
