package io.karipap.server;

import io.karipap.json.Json;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import io.netty.handler.codec.http.HttpResponseStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /tokenize} and {@code POST /detokenize}. */
final class TokenRoute {
    private final Tokenizer tokenizer;

    TokenRoute(ServedModel served) {
        this.tokenizer = served.model().tokenizer();
    }

    void tokenize(JsonFields fields, Exchange exchange) {
        String prompt = fields.string("prompt");
        boolean special = fields.bool("add_special_tokens", true);
        int[] ids = tokenizer.encode(prompt, special ? EncodeOptions.PROMPT : EncodeOptions.PLAIN);
        ObjectNode root = Json.object();
        ArrayNode tokens = root.putArray("tokens");
        for (int id : ids) {
            tokens.add(id);
        }
        root.put("count", ids.length);
        answer(exchange, root);
    }

    void detokenize(JsonFields fields, Exchange exchange) {
        JsonNode tokens = fields.required("tokens");
        if (!tokens.isArray()) {
            throw fields.wrong("tokens", "an array of token ids");
        }
        int[] ids = new int[tokens.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = tokens.get(i);
            if (!id.isIntegralNumber()
                    || !id.canConvertToInt()
                    || tokenizer.token(id.intValue()).isEmpty()) {
                throw ApiException.badRequest("tokens", "\"tokens\" has " + id + ", expected ids of the vocabulary");
            }
            ids[i] = id.intValue();
        }
        answer(exchange, Json.object().put("prompt", tokenizer.decode(ids, false)));
    }

    private static void answer(Exchange exchange, ObjectNode root) {
        exchange.execute(() -> exchange.respond(HttpResponseStatus.OK, "application/json", Json.bytes(root)));
    }
}
