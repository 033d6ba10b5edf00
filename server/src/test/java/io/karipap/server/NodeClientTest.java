package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** npm's {@code openai} against a real server; the test installs it. */
@Timeout(240)
class NodeClientTest {
    private static final String CLIENT = "openai@6.30.1"; // the newest that runs on Node 20

    private record Ended(int code, String output) {}

    private static Ended run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return new Ended(-1, "no end after 100 s: " + Files.readString(log));
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }

    private static boolean works(Path folder, String... command) throws InterruptedException {
        try {
            return run(folder, List.of(command)).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theJavaScriptClientIsContent() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "npm"));
        assumeTrue(works(folder, "node", "--version"), "skipped: Node is not on the path");
        if (!Files.isDirectory(folder.resolve("node_modules/openai"))) {
            Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
            assumeTrue(
                    works(folder, "npm", "install", "--no-audit", "--no-fund", CLIENT),
                    "skipped: npm could not install " + CLIENT);
        }
        try (InputStream in = NodeClientTest.class.getResourceAsStream("/openai-client.mjs")) {
            Files.write(folder.resolve("openai-client.mjs"), in.readAllBytes());
        }
        try (TestServer server = new TestServer()) {
            Ended ended = run(folder, List.of("node", "openai-client.mjs", server.url("/v1")));
            assertThat(ended.output()).contains("all well");
            assertThat(ended.code()).isZero();
        }
    }
}
