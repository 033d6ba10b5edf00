package io.karipap.grammar;

import io.karipap.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts the properties of two schemas together: what one names, the other may know as an additional property. */
final class ObjectMerge {
    private final SchemaMerge merge;
    private final String place;
    private final int depth;

    ObjectMerge(SchemaMerge merge, String place, int depth) {
        this.merge = merge;
        this.place = place;
        this.depth = depth;
    }

    /** Sets the properties of {@code all} to those of {@code a} and {@code b}. */
    void merge(ObjectNode all, JsonNode a, JsonNode b) {
        JsonNode otherA = a.path("additionalProperties");
        JsonNode otherB = b.path("additionalProperties");
        if (limits(otherA) && b.has("patternProperties") || limits(otherB) && a.has("patternProperties")) {
            throw new GrammarException(
                    place,
                    "puts \"patternProperties\" together with another schema's \"additionalProperties\", which is not"
                            + " supported");
        }
        ObjectNode properties = Json.object();
        JsonNode namedA = a.path("properties");
        JsonNode namedB = b.path("properties");
        for (String name : namedA.propertyNames()) {
            JsonNode one = namedA.path(name);
            JsonNode two = namedB.has(name) ? namedB.path(name) : otherB;
            properties.set(name, limits(two) ? together(one, two, name) : one);
        }
        for (String name : namedB.propertyNames()) {
            if (!namedA.has(name)) {
                JsonNode two = namedB.path(name);
                properties.set(name, limits(otherA) ? together(otherA, two, name) : two);
            }
        }
        if (!properties.isEmpty()) {
            all.set("properties", properties);
        }
        if (!otherB.isMissingNode()) {
            all.set(
                    "additionalProperties",
                    otherA.isMissingNode()
                            ? otherB
                            : merge.both(otherA, otherB, place + "/additionalProperties", depth + 1));
        }
    }

    private JsonNode together(JsonNode one, JsonNode two, String name) {
        return merge.both(one, two, place + "/properties/" + name, depth + 1);
    }

    private static boolean limits(JsonNode other) {
        return !other.isMissingNode() && !(other.isBoolean() && other.booleanValue());
    }
}
