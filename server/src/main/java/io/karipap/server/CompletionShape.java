package io.karipap.server;

import io.karipap.generate.TokenLogprobs;
import io.karipap.json.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses of {@code /v1/completions}. */
final class CompletionShape extends ResponseShape {
    private final TokenNames names;

    CompletionShape(String id, long created, String model, String fingerprint, TokenNames names) {
        super(id, created, model, fingerprint);
        this.names = names;
    }

    @Override
    String wholeObject() {
        return "text_completion";
    }

    @Override
    String chunkObject() {
        return wholeObject();
    }

    @Override
    ObjectNode opening(GrowingText choice) {
        return null;
    }

    @Override
    boolean textInLastChunk() {
        return true;
    }

    @Override
    ObjectNode whole(GrowingText choice) {
        ObjectNode node = delta(choice, choice.text(), choice.tokens());
        if (choice.request().tokenIds()) {
            ArrayNode ids = node.putArray("prompt_token_ids");
            for (int id : choice.prompt().ids()) {
                ids.add(id);
            }
        }
        return node;
    }

    @Override
    List<ObjectNode> deltas(GrowingText choice, String text, List<ListedToken> tokens, boolean last) {
        return List.of(delta(choice, text, tokens));
    }

    @Override
    ObjectNode nothing(GrowingText choice) {
        return delta(choice, "", List.of());
    }

    private ObjectNode delta(GrowingText choice, String text, List<ListedToken> tokens) {
        ObjectNode node = Json.object().put("text", text);
        node.set("logprobs", choice.request().logprobs() ? logprobs(choice, tokens) : null);
        if (choice.request().tokenIds()) {
            ArrayNode ids = node.putArray("token_ids");
            choice.drawn(tokens.size()).forEach(ids::add);
        }
        return node;
    }

    private ObjectNode logprobs(GrowingText choice, List<ListedToken> tokens) {
        ObjectNode node = Json.object();
        ArrayNode spelled = node.putArray("tokens");
        ArrayNode values = node.putArray("token_logprobs");
        ArrayNode tops = node.putArray("top_logprobs");
        ArrayNode offsets = node.putArray("text_offset");
        for (ListedToken token : tokens) {
            boolean addedStart = token.logprobs().isEmpty() && names.isSpecial(token.id());
            String name = addedStart ? "" : names.name(token.id());
            spelled.add(name);
            offsets.add(token.offset());
            if (token.logprobs().isEmpty()) {
                values.addNull();
                tops.addNull();
                continue;
            }
            TokenLogprobs logprobs = token.logprobs().get();
            values.add(finite(logprobs.logprob()));
            ObjectNode top = tops.addObject();
            logprobs.alternatives().forEach(each -> top.put(names.name(each.id()), finite(each.logprob())));
            if (!top.has(name)) {
                top.put(name, finite(logprobs.logprob()));
            }
        }
        return node;
    }
}
