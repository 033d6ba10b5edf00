package io.karipap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Command line before environment before file before defaults. */
class ServeDefaultsTest {
    private final CommandLine serve = new CommandLine(new ServeCommand());

    @TempDir
    private Path directory;

    private int parsed(String option, List<String> arguments, Map<String, String> environment) throws IOException {
        serve.setDefaultValueProvider(ServeDefaults.of(serve.getCommandSpec(), arguments, environment));
        serve.parseArgs(arguments.toArray(String[]::new));
        CommandSpec spec = serve.getCommandSpec();
        return spec.findOption(option).getValue();
    }

    @Test
    void theNearestPlaceWins() throws IOException {
        String file = Files.writeString(directory.resolve("serve.properties"), "max-running = 5\nport = 81\n")
                .toString();
        assertThat(parsed("--max-running", List.of(), Map.of())).isEqualTo(64);
        assertThat(parsed("--max-running", List.of("--config", file), Map.of())).isEqualTo(5);
        assertThat(parsed("--max-running", List.of("--config=" + file), Map.of("KARIPAP_SERVE_MAX_RUNNING", "6")))
                .isEqualTo(6);
        assertThat(parsed(
                        "--max-running",
                        List.of("--max-running", "7", "--config", file),
                        Map.of("KARIPAP_SERVE_MAX_RUNNING", "6")))
                .isEqualTo(7);
        assertThat(parsed("--port", List.of(), Map.of("KARIPAP_SERVE_CONFIG", file)))
                .isEqualTo(81);
    }

    @Test
    void whatIsNoOptionIsRefused() throws IOException {
        String file = Files.writeString(directory.resolve("serve.properties"), "max-runing = 5\n")
                .toString();
        assertThatThrownBy(() -> parsed("--port", List.of("--config", file), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max-runing");
        assertThatThrownBy(() -> parsed("--port", List.of(), Map.of("KARIPAP_SERVE_PROT", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KARIPAP_SERVE_PROT");
        assertThatThrownBy(() -> parsed("--port", List.of("--config", "nowhere"), Map.of()))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> parsed("--port", List.of(), Map.of("KARIPAP_SERVE_PORT", "many")))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("many");
    }
}
