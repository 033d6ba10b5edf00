package io.karipap.server;

import io.karipap.generate.TokenLogprobs;
import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses of {@code /v1/chat/completions}. */
final class ChatShape extends ResponseShape {
    private final TokenNames names;

    ChatShape(String id, long created, String model, String fingerprint, TokenNames names) {
        super(id, created, model, fingerprint);
        this.names = names;
    }

    @Override
    String wholeObject() {
        return "chat.completion";
    }

    @Override
    String chunkObject() {
        return "chat.completion.chunk";
    }

    @Override
    ObjectNode opening(GrowingText choice) {
        boolean calls = choice.answer().isPresent() && choice.answer().get().calls();
        ObjectNode node = Json.object();
        node.putObject("delta").put("role", "assistant").put("content", calls ? null : "");
        return node.putNull("logprobs");
    }

    @Override
    boolean textInLastChunk() {
        return false;
    }

    @Override
    ObjectNode whole(GrowingText choice) {
        ObjectNode node = Json.object();
        node.set("message", message(choice));
        node.set("logprobs", choice.request().logprobs() ? logprobs(choice.tokens()) : null);
        addIds(node, choice, choice.tokens());
        return node;
    }

    private static ObjectNode message(GrowingText choice) {
        if (choice.answer().isEmpty()) {
            return Json.object()
                    .put("role", "assistant")
                    .put("content", choice.text())
                    .putNull("refusal");
        }
        choice.answer().get().read(choice.takeText(), true);
        return choice.answer().get().message();
    }

    @Override
    List<ObjectNode> deltas(GrowingText choice, String text, List<ListedToken> tokens, boolean last) {
        List<ObjectNode> parts = choice.answer()
                .map(answer -> answer.read(text, last))
                .orElseGet(
                        () -> text.isEmpty() ? List.of() : List.of(Json.object().put("content", text)));
        boolean tokensAsked = choice.request().logprobs() || choice.request().tokenIds();
        List<ObjectNode> deltas = new ArrayList<>();
        if (parts.isEmpty() && tokensAsked && !tokens.isEmpty()) {
            deltas.add(delta(choice, Json.object(), tokens));
        }
        for (ObjectNode part : parts) {
            deltas.add(delta(choice, part, deltas.isEmpty() ? tokens : List.of()));
        }
        return deltas;
    }

    @Override
    ObjectNode nothing(GrowingText choice) {
        return delta(choice, Json.object(), List.of());
    }

    private ObjectNode delta(GrowingText choice, ObjectNode part, List<ListedToken> tokens) {
        ObjectNode node = Json.object();
        node.set("delta", part);
        node.set("logprobs", choice.request().logprobs() ? logprobs(tokens) : null);
        addIds(node, choice, tokens);
        return node;
    }

    private static void addIds(ObjectNode node, GrowingText choice, List<ListedToken> tokens) {
        if (choice.request().tokenIds()) {
            ArrayNode ids = node.putArray("token_ids");
            choice.drawn(tokens.size()).forEach(ids::add);
        }
    }

    private ObjectNode logprobs(List<ListedToken> tokens) {
        ObjectNode node = Json.object();
        ArrayNode content = node.putArray("content");
        for (ListedToken token : tokens) {
            TokenLogprobs logprobs = token.logprobs().orElseThrow();
            ObjectNode each = named(token.id(), logprobs.logprob());
            ArrayNode top = each.putArray("top_logprobs");
            logprobs.alternatives().forEach(other -> top.add(named(other.id(), other.logprob())));
            content.add(each);
        }
        return node.putNull("refusal");
    }

    private ObjectNode named(int id, float logprob) {
        ObjectNode node = Json.object().put("token", names.name(id)).put("logprob", finite(logprob));
        ArrayNode bytes = node.putArray("bytes");
        for (byte each : names.bytes(id)) {
            bytes.add(each & 0xff);
        }
        return node;
    }
}
