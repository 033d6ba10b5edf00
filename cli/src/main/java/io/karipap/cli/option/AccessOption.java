package io.karipap.cli.option;

import io.karipap.server.Access;
import io.karipap.server.Limits;
import io.karipap.server.Timeouts;
import io.karipap.server.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Who may ask the server, how much, and how long they may keep it waiting. */
public final class AccessOption {
    private static final String KEY_VARIABLE = "KARIPAP_API_KEY";

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description =
                    "Clients must show one of the keys in this file, one a line. A single key may be in the environment"
                            + " variable " + KEY_VARIABLE + " instead. Default: everyone may ask.")
    private Path apiKeyFile;

    @Option(
            names = "--cors-origin",
            paramLabel = "URL",
            split = ",",
            description =
                    "Pages of this origin may ask from a browser; * for all; may be given several times. Default: none.")
    private List<String> corsOrigins = List.of();

    @Option(names = "--tls-certificate", paramLabel = "FILE", description = "Serve HTTPS: certificate chain in PEM.")
    private Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key in PEM (PKCS#8), without a password.")
    private Path tlsKey;

    @Option(names = "--log-prompts", description = "Write prompts into the log. Default: they are not.")
    private boolean logPrompts;

    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            defaultValue = "" + Limits.DEFAULT_BODY_BYTES,
            description = "Largest body of a request. Default: ${DEFAULT-VALUE}.")
    private int maxBody;

    @Option(
            names = "--max-header",
            paramLabel = "BYTES",
            defaultValue = "" + Limits.DEFAULT_HEADER_BYTES,
            description = "Largest head of a request. Default: ${DEFAULT-VALUE}.")
    private int maxHeader;

    @Option(
            names = "--max-choices",
            paramLabel = "N",
            defaultValue = "" + Limits.DEFAULT_CHOICES,
            description = "Most texts of one request: prompts times n or best_of. Default: ${DEFAULT-VALUE}.")
    private int maxChoices;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "" + Limits.DEFAULT_CONNECTIONS,
            description = "Most connections at a time. Default: ${DEFAULT-VALUE}.")
    private int maxConnections;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "A connection without a request is closed after this time. Default: ${DEFAULT-VALUE}.")
    private int idleTimeout;

    @Option(
            names = "--receive-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "A request must have arrived completely in this time. Default: ${DEFAULT-VALUE}.")
    private int receiveTimeout;

    @Option(
            names = "--send-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "A client must read something in this time. Default: ${DEFAULT-VALUE}.")
    private int sendTimeout;

    @Option(
            names = "--generate-timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "A text must be complete in this time; it ends there. Default: ${DEFAULT-VALUE}.")
    private int generateTimeout;

    @Option(
            names = "--drain-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long running requests may go on when the server is stopped. Default: ${DEFAULT-VALUE}.")
    private int drainTimeout;

    public Limits limits() {
        return Limits.builder()
                .bodyBytes(maxBody)
                .headerBytes(maxHeader)
                .choices(maxChoices)
                .connections(maxConnections)
                .build();
    }

    public Timeouts timeouts() {
        return Timeouts.builder()
                .idle(Duration.ofSeconds(idleTimeout))
                .receive(Duration.ofSeconds(receiveTimeout))
                .send(Duration.ofSeconds(sendTimeout))
                .generate(Duration.ofSeconds(generateTimeout))
                .drain(Duration.ofSeconds(drainTimeout))
                .build();
    }

    /**
     * @throws IOException if the file of keys cannot be read
     * @throws IllegalArgumentException if it has none, or one of certificate and key is missing
     */
    public Access access() throws IOException {
        List<String> keys = new ArrayList<>();
        if (apiKeyFile != null) {
            Files.readAllLines(apiKeyFile).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(keys::add);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(apiKeyFile + " has no key, expected one a line");
            }
        } else if (System.getenv(KEY_VARIABLE) != null) {
            keys.add(System.getenv(KEY_VARIABLE).strip());
        }
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw new IllegalArgumentException("--tls-certificate and --tls-key are only of use together");
        }
        Access.Builder access =
                Access.builder().apiKeys(keys).corsOrigins(corsOrigins).logPrompts(logPrompts);
        if (tlsCertificate != null) {
            access.tls(new Tls(tlsCertificate, tlsKey));
        }
        return access.build();
    }
}
