package io.karipap.server;

import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real server with the bundled model on a free port, and a plain client. */
final class TestServer implements AutoCloseable {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final LanguageModel model;
    private final KaripapServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestServer() throws IOException {
        model = LanguageModel.bundled(LoadOptions.DEFAULT);
        server = KaripapServer.start(model, new ServerOptions("127.0.0.1", 0, 1 << 20, Duration.ofSeconds(60)));
    }

    LanguageModel model() {
        return model;
    }

    int port() {
        return server.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url(path)))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode complete(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send("POST", "/v1/completions", body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return MAPPER.readTree(response.body());
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
