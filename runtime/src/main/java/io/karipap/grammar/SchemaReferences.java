package io.karipap.grammar;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Finds what a {@code $ref} refers to: a place in the schema, an anchor, or an {@code $id}. */
final class SchemaReferences {
    private final JsonNode root;
    private final Map<String, JsonNode> named = new HashMap<>();

    SchemaReferences(JsonNode root) {
        this.root = root;
        named.put("", root);
        collect(root, 0);
    }

    private void collect(JsonNode node, int depth) {
        if (depth > JsonSchema.MAX_DEPTH * 4) {
            return; // refused for its depth when it is compiled
        }
        if (node.path("$anchor").isString()) {
            named.putIfAbsent("#" + node.path("$anchor").stringValue(), node);
        }
        for (String keyword : new String[] {"$id", "id"}) {
            if (node.path(keyword).isString()) {
                named.putIfAbsent(node.path(keyword).stringValue(), node);
            }
        }
        node.forEach(each -> collect(each, depth + 1));
    }

    /** @throws GrammarException if there is nothing */
    JsonNode find(JsonNode reference, String place) {
        String target = reference.asString("");
        JsonNode known = target.isEmpty() ? null : named.get(target);
        if (known != null) {
            return known;
        }
        int hash = target.indexOf('#');
        JsonNode base = hash < 0 ? null : named.get(target.substring(0, hash));
        if (base == null) {
            throw new GrammarException(
                    place, "refers to " + reference + ", expected a place in the schema, as #/$defs/x");
        }
        JsonNode found;
        try {
            String pointer = URLDecoder.decode(target.substring(hash + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
            found = pointer.isEmpty() || pointer.startsWith("/") ? base.at(JsonPointer.compile(pointer)) : null;
        } catch (IllegalArgumentException e) {
            found = null;
        }
        if (found == null || found.isMissingNode()) {
            throw new GrammarException(place, "refers to " + target + ", which is not there");
        }
        return found;
    }

    JsonNode root() {
        return root;
    }
}
