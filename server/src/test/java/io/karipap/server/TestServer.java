package io.karipap.server;

import io.karipap.generate.EngineOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real server with the bundled model on a free port, and a plain client. */
final class TestServer implements AutoCloseable {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The bundled model knows no conversations, but it can continue one that is written as a story. */
    static final String TEMPLATE = "{% for m in messages %}{% if m.role == 'user' %}\"{{ m.content }}\" said the boy.\n"
            + "{% else %}{{ m.content }}\n{% endif %}{% endfor %}{% if add_generation_prompt %}The girl said, \"{% endif %}";

    private final LanguageModel model;
    private final KaripapServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestServer() throws IOException {
        this(ServerOptions.of("127.0.0.1", 0), EngineOptions.DEFAULT);
    }

    TestServer(ServerOptions options, EngineOptions limits) throws IOException {
        this(options, limits, TEMPLATE);
    }

    /** With another chat template. */
    static TestServer withTemplate(String template) throws IOException {
        return new TestServer(ServerOptions.of("127.0.0.1", 0), EngineOptions.DEFAULT, template);
    }

    private TestServer(ServerOptions options, EngineOptions limits, String template) throws IOException {
        model = LanguageModel.bundled(LoadOptions.builder().engine(limits).build());
        ServedModel served = ServedModel.builder(model)
                .chatTemplate(new ChatTemplate(template, Map.of()))
                .aliases(List.of("org/tales"))
                .build();
        server = KaripapServer.start(served, options);
    }

    LanguageModel model() {
        return model;
    }

    KaripapServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode complete(String body) throws IOException, InterruptedException {
        return post("/v1/completions", body);
    }

    JsonNode post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send("POST", path, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return MAPPER.readTree(response.body());
    }

    /**
     * Asks for a stream that fits no buffer between, of 16 texts of 400 tokens with log-probabilities: it runs until
     * the socket is read or closed. Its first byte is read already.
     */
    Socket startUnread() throws IOException {
        String body = "{\"model\":\"tales-small\",\"prompt\":\"Once\",\"max_tokens\":400,\"ignore_eos\":true,"
                + "\"stream\":true,\"n\":16,\"logprobs\":20}";
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 << 10); // smaller ones wait for delayed acknowledgements
        socket.connect(new InetSocketAddress("127.0.0.1", port()));
        socket.getOutputStream()
                .write(("POST /v1/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        if (socket.getInputStream().read() != 'H') {
            throw new AssertionError("no answer");
        }
        return socket;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
