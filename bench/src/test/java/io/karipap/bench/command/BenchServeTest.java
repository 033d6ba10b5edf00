package io.karipap.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.cli.Karipap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ResourceLock(Resources.SYSTEM_OUT)
class BenchServeTest {
    @TempDir
    private Path directory;

    @Test
    void benchServeMeasuresEngineAndHttp() throws Exception {
        Path json = directory.resolve("load.json");
        Path plot = directory.resolve("load.png");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = Karipap.execute(
                    "bench",
                    "serve",
                    "--concurrency",
                    "1,3",
                    "--seconds",
                    "6",
                    "--warm-up",
                    "3",
                    "--max-tokens",
                    "5",
                    "--prompt-tokens",
                    "8",
                    "--prefix-tokens",
                    "100",
                    "--json",
                    json.toString(),
                    "--plot",
                    plot.toString());
        } finally {
            System.setOut(out);
        }
        assertThat(code).isZero();
        JsonNode loads = JsonMapper.builder().build().readTree(json.toFile()).path("loads");
        assertThat(loads.size()).isEqualTo(4);
        for (JsonNode load : loads) {
            assertThat(load.path("errors").isEmpty()).isTrue();
            assertThat(load.path("tokenRate").asDouble()).isPositive();
            assertThat(load.path("firstToken").path("p50").asDouble())
                    .isPositive()
                    .isLessThanOrEqualTo(load.path("total").path("p99").asDouble());
        }
        assertThat(Files.size(plot)).isPositive();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("| engine | 3 clients |", "| HTTP | 3 clients |");
    }
}
