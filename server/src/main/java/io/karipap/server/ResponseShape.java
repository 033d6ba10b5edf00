package io.karipap.server;

import io.karipap.json.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How texts are written into responses and chunks of streams. */
abstract sealed class ResponseShape permits CompletionShape, ChatShape {
    private final String id;
    private final long created;
    private final String model;
    private final String fingerprint;

    /**
     * @param created seconds since 1970
     */
    ResponseShape(String id, long created, String model, String fingerprint) {
        this.id = id;
        this.created = created;
        this.model = model;
        this.fingerprint = fingerprint;
    }

    abstract String wholeObject();

    abstract String chunkObject();

    /** The choice of a response, without index and finish_reason. */
    abstract ObjectNode whole(GrowingText choice);

    /**
     * The choice of a chunk, without index and finish_reason, for every part of what is new; the first has the tokens.
     *
     * @param last whether no more text comes
     */
    abstract List<ObjectNode> deltas(GrowingText choice, String text, List<ListedToken> tokens, boolean last);

    /** The choice of a chunk that has nothing new. */
    abstract ObjectNode nothing(GrowingText choice);

    /** What comes before the first text of a choice; null for nothing. */
    abstract ObjectNode opening(GrowingText choice);

    /** Whether the chunk with the finish_reason may have text. */
    abstract boolean textInLastChunk();

    /** A whole response. */
    final ObjectNode response(List<GrowingText> choices, Usage usage) {
        ObjectNode root = head(wholeObject());
        ArrayNode array = root.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            array.add(finished(whole(choices.get(i)), i, choices.get(i).finishReason()));
        }
        root.set("usage", usage.json());
        return root;
    }

    /** A chunk of a stream; {@code finishReason} is null but in the last of a choice. */
    final ObjectNode chunk(ObjectNode choice, int index, String finishReason, boolean nullUsage) {
        ObjectNode root = head(chunkObject());
        root.putArray("choices").add(finished(choice, index, finishReason));
        if (nullUsage) {
            root.putNull("usage");
        }
        return root;
    }

    /** The chunk that tells the numbers of tokens. */
    final ObjectNode usageChunk(Usage usage) {
        ObjectNode root = head(chunkObject());
        root.putArray("choices");
        root.set("usage", usage.json());
        return root;
    }

    private ObjectNode head(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("system_fingerprint", fingerprint);
    }

    private static ObjectNode finished(ObjectNode choice, int index, String finishReason) {
        return choice.put("index", index).put("finish_reason", finishReason);
    }

    /** −∞ cannot be written in JSON. */
    static float finite(float logprob) {
        return Math.max(logprob, -9999f);
    }
}
