package io.karipap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ResourceLock(Resources.SYSTEM_OUT)
class HubCommandsTest {
    private static final String COMMIT = "c0ffee".repeat(6) + "c0ff";

    @TempDir
    private Path cache;

    private record Result(int code, String out, String err) {}

    private static Result run(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Karipap.execute(args);
            return new Result(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @BeforeEach
    void aModel() throws IOException {
        Path repository = cache.resolve("models--acme--tiny");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(repository.resolve("blobs"));
        Files.write(repository.resolve("blobs/weights"), new byte[1_500_000]);
        Files.createSymbolicLink(snapshot.resolve("tiny-Q4_0.gguf"), Path.of("../../blobs/weights"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/v1"), COMMIT);
    }

    @Test
    void listShowsWhatIsThere() {
        Result table = run("list", "--cache", cache.toString());
        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out().lines().toList().get(1)).matches("acme/tiny@v1 +c0ffeec +1\\.5 MB +1 +\\d{4}-.*");
        JsonNode json = JsonMapper.builder()
                .build()
                .readTree(run("list", "--json", "--cache", cache.toString()).out());
        JsonNode model = json.path("models").path(0);
        assertThat(json.path("cache").asString()).isEqualTo(cache.toString());
        assertThat(model.path("name").asString()).isEqualTo("acme/tiny");
        assertThat(model.path("commit").asString()).isEqualTo(COMMIT);
        assertThat(model.path("revisions").path(0).asString()).isEqualTo("v1");
        assertThat(model.path("files").path(0).path("bytes").asLong()).isEqualTo(1_500_000);
        Result none = run("list", "--cache", cache.resolve("none").toString());
        assertThat(none.code()).isZero();
        assertThat(none.err()).contains("no models in", "./karipap pull");
    }

    @Test
    void rmRemovesAfterYes() {
        Result asked = run("rm", "acme/tiny", "--cache", cache.toString());
        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.err()).contains("say --yes to remove acme/tiny");
        assertThat(cache.resolve("models--acme--tiny")).exists();
        Result removed = run("rm", "--yes", "acme/tiny", "--cache", cache.toString());
        assertThat(removed.code()).isZero();
        assertThat(removed.err()).contains("removed acme/tiny, 1.5 MB are free");
        assertThat(cache.resolve("models--acme--tiny")).doesNotExist();
    }

    @Test
    void errorsAreOneLineAndSayWhatToDo() {
        for (Result result : new Result[] {
            run("pull", "acme/../x"),
            run("pull"),
            run("rm", "--yes", "acme/other", "--cache", cache.toString()),
            run("generate", "--model", "no-such-owner/no-such-model", "--prompt", "x"),
        }) {
            assertThat(result.code()).isNotZero();
            assertThat(result.err().lines()).as(result.err()).hasSize(1);
            assertThat(result.err()).startsWith("karipap: ").doesNotContain("Exception");
        }
        assertThat(run("generate", "--model", "no-such-owner/no-such-model", "--prompt", "x")
                        .err())
                .contains("./karipap pull no-such-owner/no-such-model");
    }

    @Test
    void helpTeaches() {
        for (String command : new String[] {"pull", "list", "rm"}) {
            assertThat(run(command, "--help").out()).contains("Examples:", "  karipap " + command);
        }
    }
}
