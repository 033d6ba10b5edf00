package io.karipap.server;

import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Fields of a request that a chat template reads: JSON as maps, lists, strings, numbers, booleans and null. */
final class TemplateValues {
    private TemplateValues() {}

    /** An object; empty where the field is absent. */
    static Map<String, Object> map(JsonFields fields, String name) {
        if (!fields.has(name)) {
            return new LinkedHashMap<>();
        }
        if (!fields.node(name).isObject()) {
            throw fields.wrong(name, "an object");
        }
        return Json.plainMap(fields.node(name));
    }

    /** An array of objects; empty where the field is absent. */
    static List<Map<String, Object>> maps(JsonFields fields, String name) {
        List<Map<String, Object>> maps = new ArrayList<>();
        if (!fields.has(name)) {
            return maps;
        }
        if (!fields.node(name).isArray()) {
            throw fields.wrong(name, "an array of objects");
        }
        for (JsonNode each : fields.node(name)) {
            if (!each.isObject()) {
                throw fields.wrong(name, "an array of objects");
            }
            maps.add(Json.plainMap(each));
        }
        return maps;
    }
}
