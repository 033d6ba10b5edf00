package io.karipap.server;

import io.karipap.generate.LanguageModel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/** What all connections share: the model and what is said about it. */
final class Routes {
    private static final Set<String> KNOWN = Set.of("/v1/completions", "/v1/models", "/health", "/metrics");

    private final LanguageModel model;
    private final long created = Instant.now().getEpochSecond();
    private final ServerMetrics metrics;
    private final CompletionsRoute completions;

    Routes(LanguageModel model) {
        this.model = model;
        this.metrics = new ServerMetrics(model.engine());
        this.completions =
                new CompletionsRoute(model, "karipap-" + model.llama().kernelName(), metrics);
    }

    ServerMetrics metrics() {
        return metrics;
    }

    CompletionsRoute completions() {
        return completions;
    }

    byte[] models() {
        return Responses.models(model.name(), created, model.engine().contextLength());
    }

    /** @throws ApiException if it is another model */
    byte[] model(String encodedName) {
        String name;
        try {
            name = URLDecoder.decode(encodedName, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("model", "the model's name is not valid URL encoding");
        }
        if (!name.equals(model.name())) {
            throw ApiException.of(
                    HttpResponseStatus.NOT_FOUND,
                    "not_found_error",
                    "the model \"" + name + "\" is not served here",
                    "model",
                    "model_not_found");
        }
        return Responses.model(name, created, model.engine().contextLength());
    }

    /** The route's name in metrics; unknown ones share one, so that clients cannot invent series. */
    String label(String route) {
        return KNOWN.contains(route) ? route : "other";
    }
}
