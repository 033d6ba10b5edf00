package io.karipap.server;

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
            return Map.of();
        }
        if (!fields.node(name).isObject()) {
            throw fields.wrong(name, "an object");
        }
        return map(fields.node(name));
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
            maps.add(map(each));
        }
        return maps;
    }

    private static Map<String, Object> map(JsonNode node) {
        Map<String, Object> map = new LinkedHashMap<>();
        node.properties().forEach(each -> map.put(each.getKey(), value(each.getValue())));
        return map;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            return map(node);
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(each -> list.add(value(each)));
            return list;
        }
        if (node.isNull()) {
            return null;
        }
        return node.isString() ? node.stringValue() : node.isBoolean() ? node.booleanValue() : node.numberValue();
    }
}
