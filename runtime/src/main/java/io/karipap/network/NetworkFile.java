package io.karipap.network;

import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code network.json} of a Karipap directory: which operators are networks, and where the model comes from.
 *
 * @param operators networks by the name of the weight matrix they stand for
 * @param provenance source model, options, text, errors: whatever the compressor recorded
 */
public record NetworkFile(Map<String, TensorNetwork> operators, JsonNode provenance) {
    /** Name of the file. */
    public static final String NAME = "network.json";

    private static final String FORMAT = "karipap-network";
    private static final int VERSION = 1;

    /**
     * @param file name for messages
     * @throws IllegalArgumentException if the file is malformed or of another version; the message names it
     */
    public static NetworkFile parse(String file, byte[] json) {
        JsonNode root;
        try {
            root = Json.parse(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.path("format").asString("").equals(FORMAT)) {
            throw new IllegalArgumentException(file + " is not a network file: format is " + root.path("format")
                    + ", expected \"" + FORMAT + "\"");
        }
        if (root.path("version").asInt(-1) != VERSION) {
            throw new IllegalArgumentException(
                    file + " has version " + root.path("version") + ", this reader knows " + VERSION);
        }
        Map<String, TensorNetwork> operators = new LinkedHashMap<>();
        for (JsonNode operator : root.path("operators")) {
            TensorNetwork network;
            try {
                network = network(operator);
            } catch (IllegalArgumentException | JacksonException e) {
                throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
            }
            if (operators.put(network.operator(), network) != null) {
                throw new IllegalArgumentException(file + " describes operator \"" + network.operator() + "\" twice");
            }
        }
        return new NetworkFile(operators, root.path("provenance"));
    }

    private static TensorNetwork network(JsonNode node) {
        List<Index> indices = new ArrayList<>();
        for (JsonNode index : node.path("indices")) {
            String leg = index.path("leg").asString("").toUpperCase(Locale.ROOT);
            indices.add(new Index(
                    index.path("name").asString(""), index.path("size").asInt(0), Leg.valueOf(leg)));
        }
        List<Site> sites = new ArrayList<>();
        for (JsonNode site : node.path("sites")) {
            List<String> names = new ArrayList<>();
            site.path("indices").forEach(name -> names.add(name.asString("")));
            sites.add(new Site(site.path("tensor").asString(""), names));
        }
        return new TensorNetwork(node.path("operator").asString(""), indices, sites);
    }

    /** The file's text. */
    public byte[] toJson() {
        ObjectNode root = Json.object();
        root.put("format", FORMAT).put("version", VERSION);
        ArrayNode list = root.putArray("operators");
        for (TensorNetwork network : operators.values()) {
            ObjectNode node = list.addObject().put("operator", network.operator());
            ArrayNode indices = node.putArray("indices");
            for (Index index : network.indices()) {
                indices.addObject()
                        .put("name", index.name())
                        .put("size", index.size())
                        .put("leg", index.leg().name().toLowerCase(Locale.ROOT));
            }
            ArrayNode sites = node.putArray("sites");
            for (Site site : network.sites()) {
                ArrayNode names = sites.addObject().put("tensor", site.tensor()).putArray("indices");
                site.indices().forEach(names::add);
            }
        }
        root.set("provenance", provenance);
        return Json.prettyBytes(root);
    }
}
