package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.generate.EngineLoad;
import io.karipap.generate.EngineOptions;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys, TLS, other origins, and clients that are slow, many or late. */
@Timeout(120)
class AccessTest {
    private static final String BODY = "{\"model\":\"tales-small\",\"prompt\":\"Once\",\"max_tokens\":3}";
    private static final String LONG =
            "{\"model\":\"tales-small\",\"prompt\":\"Once\",\"max_tokens\":400,\"ignore_eos\":true}";

    private static ServerOptions options(Limits limits, Timeouts timeouts, Access access) {
        return ServerOptions.builder()
                .port(0)
                .limits(limits)
                .timeouts(timeouts)
                .access(access)
                .build();
    }

    private static Limits limits(int connections) {
        return Limits.builder()
                .bodyBytes(1000)
                .headerBytes(2000)
                .choices(4)
                .connections(connections)
                .build();
    }

    private static Timeouts timeouts(int idle, int receive, int send, int generate, int drain) {
        return Timeouts.builder()
                .idle(Duration.ofMillis(idle))
                .receive(Duration.ofMillis(receive))
                .send(Duration.ofMillis(send))
                .generate(Duration.ofMillis(generate))
                .drain(Duration.ofMillis(drain))
                .build();
    }

    private static TestServer server(Limits limits, Timeouts timeouts, Access access) throws IOException {
        return new TestServer(options(limits, timeouts, access), EngineOptions.DEFAULT);
    }

    @Test
    void keysAreAskedFor() throws Exception {
        Access access = Access.builder().apiKeys(List.of("one key", "other")).build();
        try (TestServer server = server(Limits.DEFAULT, Timeouts.DEFAULT, access)) {
            for (String path : List.of("/v1/completions", "/v1/chat/completions", "/tokenize", "/detokenize")) {
                assertThat(server.send("POST", path, BODY).statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
            for (String path : List.of("/v1/models", "/v1/models/x", "/metrics")) {
                assertThat(server.send("GET", path, "").statusCode()).as(path).isEqualTo(401);
            }
            HttpResponse<String> wrong =
                    server.send("POST", "/v1/completions", BODY, "Authorization", "Bearer one  key");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            Shapes.check(TestServer.MAPPER.readTree(wrong.body()), "error");
            for (String key : List.of("Bearer one key", "bearer other")) {
                assertThat(server.send("POST", "/v1/completions", BODY, "Authorization", key)
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(server.send("GET", "/health", "").statusCode()).isEqualTo(200);
            assertThat(server.send("GET", "/", "").body()).contains("<title>Karipap</title>");
        }
    }

    @Test
    void otherOriginsOnlyWhereAllowed() throws Exception {
        Access access =
                Access.builder().corsOrigins(List.of("https://example.org")).build();
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
        try (TestServer server = server(Limits.DEFAULT, Timeouts.DEFAULT, access)) {
            HttpResponse<String> preflight = server.send(
                    "OPTIONS",
                    "/v1/completions",
                    "",
                    "Origin",
                    "https://example.org",
                    "Access-Control-Request-Method",
                    "POST");
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://example.org");
            assertThat(server.send("GET", "/v1/models", "", "Origin", "https://other.org")
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
        try (TestServer server = new TestServer()) {
            assertThat(server.send("GET", "/v1/models", "", "Origin", "https://example.org")
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void tlsFromPemFiles(@TempDir Path folder) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        File certificate = bundle.toTempCertChainPem();
        File key = bundle.toTempPrivateKeyPem();
        Access access = Access.builder()
                .tls(new Tls(certificate.toPath(), key.toPath()))
                .build();
        try (TestServer server = server(Limits.DEFAULT, Timeouts.DEFAULT, access)) {
            TrustManagerFactory trust = bundle.toTrustManagerFactory();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            try (HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(context)
                    .build()) {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/v1/completions"))
                                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(200);
            }
        }
        Path missing = folder.resolve("missing.pem");
        Access wrong = Access.builder().tls(new Tls(missing, key.toPath())).build();
        assertThatThrownBy(() -> KaripapServer.listen(options(Limits.DEFAULT, Timeouts.DEFAULT, wrong)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.pem");
    }

    private static String raw(TestServer server, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void slowAndLargeRequestsAreRefused() throws Exception {
        Limits limits = limits(100);
        try (TestServer server = server(limits, timeouts(60_000, 300, 1000, 60_000, 0), Access.OPEN)) {
            assertThat(raw(server, "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"mod"))
                    .startsWith("HTTP/1.1 408")
                    .contains("\"error\"");
            assertThat(raw(server, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(3000) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431")
                    .contains("\"error\"");
            assertThat(raw(server, "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 414");
            assertThat(raw(server, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(server.send("POST", "/v1/completions", " ".repeat(1001)).statusCode())
                    .isEqualTo(413);
            assertThat(server.send("POST", "/v1/completions", BODY.replace("}", ",\"n\":5}"))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void connectionsHaveALimit() throws Exception {
        Limits limits = limits(3);
        List<Socket> open = new ArrayList<>();
        try (TestServer server = server(limits, timeouts(60_000, 30_000, 1000, 60_000, 0), Access.OPEN)) {
            for (int i = 0; i < 3; i++) {
                Socket socket = new Socket("127.0.0.1", server.port());
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                open.add(socket);
            }
            assertThat(raw(server, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .contains("too_many_connections");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void requestIdsComeBack() throws Exception {
        try (TestServer server = new TestServer()) {
            assertThat(server.send("GET", "/health", "", "X-Request-Id", "abc-1")
                            .headers()
                            .firstValue("X-Request-Id"))
                    .contains("abc-1");
            assertThat(server.send("GET", "/health", "", "X-Request-Id", "a b\"")
                            .headers()
                            .firstValue("X-Request-Id"))
                    .hasValueSatisfying(id -> assertThat(id).startsWith("req-"));
        }
    }

    @Test
    void aTextEndsWithItsTime() throws Exception {
        try (TestServer server = server(Limits.DEFAULT, timeouts(60_000, 30_000, 1000, 150, 0), Access.OPEN)) {
            HttpResponse<String> response = server.send("POST", "/v1/completions", LONG);
            assertThat(response.statusCode()).isIn(200, 503);
            if (response.statusCode() == 200) {
                assertThat(response.body()).contains("\"length\"");
            }
        }
    }

    @Test
    void runningRequestsEndBeforeTheServerDoes() throws Exception {
        TestServer server = server(Limits.DEFAULT, timeouts(60_000, 30_000, 60_000, 60_000, 60_000), Access.OPEN);
        try (Socket running = server.startUnread()) {
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            while (raw(server, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .startsWith("HTTP/1.1 200")) {
                Thread.onSpinWait(); // until the other thread has begun to close
            }
            for (String request : List.of("GET /health", "POST /v1/completions")) {
                String refused = raw(
                        server,
                        request + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
                assertThat(refused).startsWith("HTTP/1.1 503").contains("stopping");
            }
            String rest = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).contains("\"finish_reason\":\"length\"", "data: [DONE]");
            closing.join();
            assertThatThrownBy(() -> new Socket("127.0.0.1", server.port()).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theModelIsBeingLoaded() throws Exception {
        try (KaripapServer server = KaripapServer.listen(ServerOptions.of("127.0.0.1", 0));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/health"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("loading");
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
        }
    }

    /** A client that stops reading pauses its text; when it reads on, nothing is missing. */
    @Test
    @Timeout(400)
    void slowReadersPauseTheirTexts() throws Exception {
        try (TestServer server = server(Limits.DEFAULT, timeouts(60_000, 30_000, 60_000, 60_000, 0), Access.OPEN)) {
            try (Socket socket = server.startUnread()) {
                long end = System.nanoTime() + 120_000_000_000L;
                EngineLoad before;
                EngineLoad now = server.model().engine().load();
                do {
                    Thread.sleep(500);
                    before = now;
                    now = server.model().engine().load();
                } while ((now.running() < 16 || now.kvUsage() != before.kvUsage()) && System.nanoTime() < end);
                assertThat(now.running()).as("texts that wait for their reader").isEqualTo(16);
                assertThat(now.kvUsage())
                        .as("share of the cache when nobody reads")
                        .isBetween(0.001, 0.99)
                        .isEqualTo(before.kvUsage());
                String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(all).contains("data: [DONE]");
                assertThat(all.split("\"finish_reason\":\"length\"", -1)).hasSize(17);
            }
        }
    }
}
