package io.karipap.server;

import io.karipap.json.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelsRoute {
    private final ServedModel served;

    ModelsRoute(ServedModel served) {
        this.served = served;
    }

    void list(Exchange exchange) {
        ObjectNode root = Json.object().put("object", "list");
        ArrayNode data = root.putArray("data").add(describe(served.model().name()));
        served.aliases().forEach(alias -> data.add(describe(alias)));
        exchange.respond(HttpResponseStatus.OK, "application/json", Json.bytes(root));
    }

    /** @throws ApiException if it is another model */
    void one(String encodedName, Exchange exchange) {
        String name;
        try {
            name = URLDecoder.decode(encodedName, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("model", "the model's name is not valid URL encoding");
        }
        check(name);
        exchange.respond(HttpResponseStatus.OK, "application/json", Json.bytes(describe(name)));
    }

    /** @throws ApiException if nothing is served under this name */
    void check(String name) {
        if (!served.isCalled(name)) {
            throw ApiException.notFound(
                    "the model \"" + name + "\" is not served here, expected \""
                            + served.model().name() + "\"",
                    "model",
                    "model_not_found");
        }
    }

    private ObjectNode describe(String name) {
        return Json.object()
                .put("id", name)
                .put("object", "model")
                .put("created", served.created().getEpochSecond())
                .put("owned_by", "karipap")
                .put("root", served.model().name())
                .put("max_model_len", served.model().engine().contextLength());
    }
}
