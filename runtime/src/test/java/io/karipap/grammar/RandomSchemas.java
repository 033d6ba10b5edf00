package io.karipap.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Draws schemas with every keyword that is supported. */
final class RandomSchemas {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String[] PATTERNS = {
        "^[a-z]{2,5}$",
        "[b-m]",
        "^(foo|ba[rz])+$",
        "^\\d{3}-\\d{4}$",
        "[^\"\\\\][x-z]$",
        "^.{1,3}$",
        "[à-ÿ]|^[A-Zé]",
        "^\\S+@\\S+$",
        "\\\\|\"|\\n"
    };
    private static final String[] FORMATS = {
        "date-time", "date", "time", "email", "uuid", "uri", "ipv4", "ipv6", "hostname", "duration", "json-pointer"
    };
    private static final String[] NAMES = {"a", "bb", "x y", "é", "q\"q", "$ref", "long_name", "n1", "\\"};

    private final Random random;
    private final boolean formats;

    RandomSchemas(Random random, boolean formats) {
        this.random = random;
        this.formats = formats;
    }

    ObjectNode root() {
        ObjectNode root = schema(3);
        ObjectNode defs = MAPPER.createObjectNode();
        defs.set("tree", tree());
        defs.set("small", schema(0));
        defs.set("s p%/", schema(0));
        root.set("$defs", defs);
        return root;
    }

    /** A schema that contains itself. */
    private ObjectNode tree() {
        ObjectNode next = MAPPER.createObjectNode().put("$ref", "#/$defs/tree");
        ObjectNode tree = typed("object");
        tree.putObject("properties").set("v", schema(0));
        ((ObjectNode) tree.get("properties"))
                .putObject("next")
                .putArray("anyOf")
                .add(next)
                .add(typed("null"));
        return tree;
    }

    private static ObjectNode typed(String type) {
        return MAPPER.createObjectNode().put("type", type);
    }

    private boolean maybe() {
        return random.nextInt(3) == 0;
    }

    ObjectNode schema(int depth) {
        int kind = random.nextInt(depth == 0 ? 6 : 14);
        return switch (kind) {
            case 0 -> string();
            case 1 -> typed("boolean");
            case 2 -> number("integer");
            case 3 -> number("number");
            case 4 -> values();
            case 5 -> typed("null");
            case 6, 7, 8 -> object(depth);
            case 9, 10 -> array(depth);
            case 11 -> branches(depth);
            case 12 -> all(depth);
            default ->
                MAPPER.createObjectNode()
                        .put(
                                "$ref",
                                new String[] {"#/$defs/tree", "#/$defs/small", "#/$defs/s%20p%25~1"}
                                        [random.nextInt(3)]);
        };
    }

    private ObjectNode string() {
        ObjectNode schema = typed("string");
        if (maybe()) {
            schema.put("pattern", PATTERNS[random.nextInt(PATTERNS.length)]);
        } else if (formats && maybe()) {
            schema.put("format", FORMATS[random.nextInt(FORMATS.length)]);
            return schema;
        }
        if (maybe()) {
            schema.put("minLength", random.nextInt(3));
        }
        if (maybe()) {
            schema.put("maxLength", 8 + random.nextInt(20));
        }
        return schema;
    }

    private ObjectNode number(String type) {
        ObjectNode schema = typed(type);
        double low = random.nextInt(-300, 300) / (type.equals("integer") ? 1.0 : 8.0);
        double high = low + 1 + random.nextInt(2_000) / (type.equals("integer") ? 1.0 : 16.0);
        if (maybe()) {
            put(schema, "minimum", low);
        } else if (maybe()) {
            put(schema, "exclusiveMinimum", low);
        }
        if (maybe()) {
            put(schema, "maximum", high);
        } else if (maybe()) {
            put(schema, "exclusiveMaximum", high + 1);
        }
        return schema;
    }

    private static void put(ObjectNode schema, String keyword, double value) {
        if (value == Math.rint(value)) {
            schema.put(keyword, (long) value);
        } else {
            schema.put(keyword, value);
        }
    }

    private ObjectNode values() {
        ObjectNode schema = MAPPER.createObjectNode();
        if (maybe()) {
            schema.putObject("const").put("k", "é\n").putArray("l").add(1).add(true);
        } else {
            schema.putArray("enum")
                    .add("red")
                    .add("green \"x\"")
                    .add(3)
                    .addNull()
                    .add(2.5);
        }
        return schema;
    }

    private ObjectNode object(int depth) {
        ObjectNode schema = typed("object");
        List<String> names = new ArrayList<>(List.of(NAMES));
        java.util.Collections.shuffle(names, random);
        ObjectNode properties = MAPPER.createObjectNode();
        ArrayNode required = MAPPER.createArrayNode();
        int count = random.nextInt(4);
        for (String name : names.subList(0, count)) {
            properties.set(name, schema(depth - 1));
            if (random.nextBoolean()) {
                required.add(name);
            } else if (random.nextInt(8) == 0) {
                properties.put(name, false);
            }
        }
        if (count > 0) {
            schema.set("properties", properties);
            schema.set("required", required);
        }
        switch (random.nextInt(5)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", schema(depth - 1));
            case 2 -> schema.putObject("patternProperties").set("^[a-c]+$", schema(depth - 1));
            default -> {}
        }
        if (count == 0 && maybe()) {
            schema.putObject("propertyNames").put("pattern", "^[a-z_]+$").put("maxLength", 6);
        }
        if (count == 0 && maybe()) {
            schema.put("minProperties", 1);
        }
        return schema;
    }

    private ObjectNode array(int depth) {
        ObjectNode schema = typed("array");
        if (maybe()) {
            ArrayNode prefix = schema.putArray("prefixItems");
            for (int i = 0; i <= random.nextInt(3); i++) {
                prefix.add(schema(depth - 1));
            }
        }
        if (random.nextInt(4) > 0) {
            schema.set("items", schema(depth - 1));
        } else if (maybe()) {
            schema.put("items", schema.has("prefixItems") ? false : true);
        }
        if (maybe() && !schema.path("items").isBoolean()) {
            schema.put("minItems", random.nextInt(3));
        }
        if (maybe()) {
            schema.put("maxItems", 2 + random.nextInt(6));
        }
        return schema;
    }

    private ObjectNode branches(int depth) {
        ObjectNode schema = MAPPER.createObjectNode();
        if (random.nextBoolean()) {
            schema.putArray("anyOf")
                    .add(schema(depth - 1))
                    .add(schema(depth - 1))
                    .add(schema(depth - 1));
            return schema;
        }
        ArrayNode one = schema.putArray("oneOf");
        one.add(string()).add(number("integer")).add(tagged("t1", depth)).add(tagged("t2", depth));
        return schema;
    }

    private ObjectNode tagged(String tag, int depth) {
        ObjectNode schema = typed("object");
        schema.putObject("properties").putObject("tag").put("const", tag);
        ((ObjectNode) schema.get("properties")).set("v", schema(depth - 1));
        schema.putArray("required").add("tag");
        return schema;
    }

    private ObjectNode all(int depth) {
        ObjectNode first = typed("object");
        first.putObject("properties").set("a", schema(depth - 1));
        first.putArray("required").add("a");
        ObjectNode second = typed("object");
        second.putObject("properties").set("z", schema(depth - 1));
        ObjectNode schema = MAPPER.createObjectNode();
        schema.putArray("allOf").add(first).add(second);
        return schema;
    }
}
