package io.karipap.chat;

import io.karipap.json.Json;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of a record: an object with a member for every component, in their order. */
final class RecordSchema {
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, Integer.class, short.class, Short.class, byte.class, Byte.class);
    private static final Set<Class<?>> LONG = Set.of(long.class, Long.class);
    private static final Set<Class<?>> REAL = Set.of(double.class, Double.class, float.class, Float.class);
    private static final Set<Class<?>> BOOLEAN = Set.of(boolean.class, Boolean.class);

    private RecordSchema() {}

    /** @throws IllegalArgumentException if a component is of a type that has no JSON form; the message names it */
    static String of(Class<? extends Record> type) {
        return Json.text(object(type, new HashSet<>()));
    }

    private static ObjectNode object(Class<?> type, Set<Class<?>> within) {
        if (!within.add(type)) {
            throw new IllegalArgumentException("the record " + type.getSimpleName() + " contains itself");
        }
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            String place = type.getSimpleName() + "." + component.getName();
            Type generic = component.getGenericType();
            if (component.getType() == Optional.class) {
                generic = argument(generic, 0, place);
            } else {
                required.add(component.getName());
            }
            properties.set(component.getName(), schema(generic, place, within));
        }
        schema.put("additionalProperties", false);
        within.remove(type);
        return schema;
    }

    private static ObjectNode schema(Type type, String place, Set<Class<?>> within) {
        ObjectNode schema = Json.object();
        Class<?> raw = raw(type, place);
        if (raw == String.class) {
            return schema.put("type", "string");
        }
        if (WHOLE.contains(raw)) {
            boolean isShort = raw == short.class || raw == Short.class;
            boolean isByte = raw == byte.class || raw == Byte.class;
            int max = isByte ? Byte.MAX_VALUE : isShort ? Short.MAX_VALUE : Integer.MAX_VALUE;
            return schema.put("type", "integer").put("minimum", -1 - max).put("maximum", max);
        }
        if (LONG.contains(raw) || REAL.contains(raw)) {
            return schema.put("type", LONG.contains(raw) ? "integer" : "number");
        }
        if (BOOLEAN.contains(raw)) {
            return schema.put("type", "boolean");
        }
        if (raw.isEnum()) {
            ArrayNode names = schema.putArray("enum");
            for (Object constant : raw.getEnumConstants()) {
                names.add(((Enum<?>) constant).name());
            }
            return schema;
        }
        if (raw.isRecord()) {
            return object(raw, within);
        }
        if (raw.isArray() || Collection.class.isAssignableFrom(raw)) {
            schema.put("type", "array").set("items", schema(element(type, raw, place), place + "[]", within));
            return schema;
        }
        if (Map.class.isAssignableFrom(raw) && raw(argument(type, 0, place), place) == String.class) {
            schema.put("type", "object")
                    .set("additionalProperties", schema(argument(type, 1, place), place + "{}", within));
            return schema;
        }
        throw noForm(place, type);
    }

    private static Type element(Type type, Class<?> raw, String place) {
        if (type instanceof GenericArrayType array) {
            return array.getGenericComponentType();
        }
        if (raw.isArray()) {
            return raw.getComponentType();
        }
        if (!List.of(List.class, Set.class, Collection.class).contains(raw)) {
            throw noForm(place, type);
        }
        return argument(type, 0, place);
    }

    private static Class<?> raw(Type type, String place) {
        return switch (type) {
            case Class<?> raw -> raw;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            case GenericArrayType array -> Object[].class;
            default -> throw noForm(place, type);
        };
    }

    private static Type argument(Type type, int index, String place) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getActualTypeArguments()[index];
        }
        throw noForm(place, type);
    }

    private static IllegalArgumentException noForm(String place, Type type) {
        return new IllegalArgumentException(
                place + " is of the type " + type.getTypeName()
                        + ", expected a string, number, boolean, enum, record, Optional, List, Set, array, or Map from strings");
    }
}
