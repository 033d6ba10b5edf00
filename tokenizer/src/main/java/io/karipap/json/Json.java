package io.karipap.json;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes JSON (RFC 8259). Reading throws {@link tools.jackson.core.JacksonException} where a text is not JSON. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    public static JsonNode parse(byte[] utf8) {
        return MAPPER.readTree(utf8);
    }

    public static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /** As {@link #parse(byte[])}, but an object that has a name twice is an error. */
    public static JsonNode parseStrictly(byte[] utf8) {
        return STRICT.readTree(utf8);
    }

    /** A record of {@code type} from its JSON. */
    public static <T> T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    /** As {@link #read(String, Class)}. */
    public static <T> T read(InputStream utf8, Class<T> type) {
        return MAPPER.readValue(utf8, type);
    }

    /** As {@link #read(String, Class)}. */
    public static <T> T read(JsonNode node, Class<T> type) {
        return MAPPER.treeToValue(node, type);
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** A number, a string, a boolean, or a list or map of those, as a node. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A node as maps, lists, strings, numbers, booleans and null. */
    public static Object plain(JsonNode node) {
        if (node.isObject()) {
            return plainMap(node);
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(each -> list.add(plain(each)));
            return list;
        }
        if (node.isNull() || node.isMissingNode()) {
            return null;
        }
        return node.isString() ? node.stringValue() : node.isBoolean() ? node.booleanValue() : node.numberValue();
    }

    /** As {@link #plain}, for an object: names in their order. */
    public static Map<String, Object> plainMap(JsonNode object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.properties().forEach(each -> map.put(each.getKey(), plain(each.getValue())));
        return map;
    }

    /** A node, a record or a string on one line. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** As {@link #text}, in UTF-8. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** A node or a record with line breaks and indents. */
    public static String pretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /** As {@link #pretty}, in UTF-8. */
    public static byte[] prettyBytes(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    }
}
