package io.karipap.server;

import io.karipap.json.Json;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections share: where requests go, whether the server is ready for them. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final Set<String> KNOWN = Set.of(
            "/",
            "/v1/completions",
            "/v1/chat/completions",
            "/v1/models",
            "/health",
            "/metrics",
            "/tokenize",
            "/detokenize");
    private static final String MODEL = "/v1/models/";
    private static final String JSON = "application/json";

    private final ServerOptions options;
    private final ServerMetrics metrics;
    private final ApiKeys keys;
    private final Executor workers;
    private final byte[] page;
    private volatile Serving serving;
    private volatile boolean stopping;

    /** The routes of a model. */
    private record Serving(ModelsRoute models, GenerationRoute generation, TokenRoute tokens) {}

    /**
     * @param workers where bodies are parsed and tokenized
     */
    Routes(ServerOptions options, ServerMetrics metrics, Executor workers) {
        this.options = options;
        this.metrics = metrics;
        this.workers = workers;
        this.keys = new ApiKeys(options.access().apiKeys());
        try (InputStream in = Routes.class.getResourceAsStream("page.html")) {
            page = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on requests for the model are answered. */
    void serve(ServedModel served) {
        serving = new Serving(
                new ModelsRoute(served), new GenerationRoute(served, options, metrics), new TokenRoute(served));
    }

    /** From now on new requests are refused. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    ServerMetrics metrics() {
        return metrics;
    }

    /** The route's name in metrics; unknown ones share one, so that clients cannot invent series. */
    static String label(String path) {
        return KNOWN.contains(path) ? path : path.startsWith(MODEL) ? MODEL + "{id}" : "other";
    }

    /**
     * Sends a request where it belongs; called in the event loop.
     *
     * @throws ApiException if there is no such place, or it may not be asked
     */
    void dispatch(
            HttpMethod method, String path, String contentType, String authorization, byte[] body, Exchange exchange) {
        switch (path) {
            case "/" -> {
                require(method, HttpMethod.GET);
                exchange.respond(HttpResponseStatus.OK, "text/html; charset=utf-8", page);
            }
            case "/health" -> {
                require(method, HttpMethod.GET);
                serving();
                exchange.respond(
                        HttpResponseStatus.OK, JSON, Json.bytes(Json.object().put("status", "ok")));
            }
            case "/metrics" -> {
                require(method, HttpMethod.GET);
                keys.check(authorization);
                exchange.respond(
                        HttpResponseStatus.OK,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.scrape().getBytes(StandardCharsets.UTF_8));
            }
            case "/v1/models" -> {
                require(method, HttpMethod.GET);
                keys.check(authorization);
                serving().models().list(exchange);
            }
            case "/v1/completions" ->
                post(method, contentType, authorization, body, exchange, (s, fields) -> s.generation()
                        .completions(fields, exchange));
            case "/v1/chat/completions" ->
                post(method, contentType, authorization, body, exchange, (s, fields) -> s.generation()
                        .chat(fields, exchange));
            case "/tokenize" ->
                post(method, contentType, authorization, body, exchange, (s, fields) -> s.tokens()
                        .tokenize(fields, exchange));
            case "/detokenize" ->
                post(method, contentType, authorization, body, exchange, (s, fields) -> s.tokens()
                        .detokenize(fields, exchange));
            default -> {
                if (!path.startsWith(MODEL)) {
                    throw ApiException.notFound("there is nothing at " + method + " " + path, null, null);
                }
                require(method, HttpMethod.GET);
                keys.check(authorization);
                serving().models().one(path.substring(MODEL.length()), exchange);
            }
        }
    }

    private void post(
            HttpMethod method,
            String contentType,
            String authorization,
            byte[] body,
            Exchange exchange,
            BiConsumer<Serving, JsonFields> action) {
        require(method, HttpMethod.POST);
        keys.check(authorization);
        Serving now = serving();
        if (!contentType.startsWith(JSON)) {
            throw ApiException.invalid(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the Content-Type is " + contentType + ", expected " + JSON);
        }
        workers.execute(() -> {
            try {
                JsonFields fields = JsonFields.parse(body);
                now.models().check(fields.string("model"));
                action.accept(now, fields);
            } catch (ApiException e) {
                exchange.execute(() -> exchange.fail(e));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.error("request {} failed", exchange.requestId(), e);
                exchange.execute(() -> exchange.fail(ApiException.internal()));
            }
        });
    }

    private Serving serving() {
        Serving now = serving;
        if (stopping) {
            throw ApiException.unavailable("the server is stopping", "stopping");
        }
        if (now == null) {
            throw ApiException.unavailable("the model is being loaded", "loading");
        }
        return now;
    }

    private static void require(HttpMethod method, HttpMethod expected) {
        boolean head = expected.equals(HttpMethod.GET) && method.equals(HttpMethod.HEAD);
        if (!method.equals(expected) && !head) {
            throw ApiException.wrongMethod(method, expected);
        }
    }
}
