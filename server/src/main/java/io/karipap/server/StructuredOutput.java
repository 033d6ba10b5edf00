package io.karipap.server;

import io.karipap.grammar.Grammar;
import io.karipap.grammar.GrammarException;
import io.karipap.grammar.JsonGrammar;
import io.karipap.grammar.JsonSchema;
import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a text must look like, under the names that clients know: OpenAI's {@code response_format}, vLLM's {@code structured_outputs} and its
 * older {@code guided_…} fields, llama.cpp's {@code grammar} and {@code json_schema}. One of them at most.
 */
final class StructuredOutput {
    private static final Set<String> PARTS = Set.of("json", "regex", "choice", "grammar", "json_object");

    private final Map<String, Grammar> found = new LinkedHashMap<>();

    private StructuredOutput() {}

    /** @throws ApiException if a field is wrong, asks for what cannot be honoured, or there are two */
    static Optional<Grammar> read(JsonFields fields) {
        StructuredOutput all = new StructuredOutput();
        all.responseFormat(fields);
        all.structuredOutputs(fields);
        all.add(fields, "guided_json", StructuredOutput::json);
        all.add(fields, "guided_regex", node -> Grammar.regex(text(node)));
        all.add(fields, "guided_choice", StructuredOutput::choice);
        all.add(fields, "guided_grammar", node -> Grammar.gbnf(text(node)));
        if (!fields.node("grammar").asString("-").isEmpty()) { // llama.cpp's clients send an empty one for none
            all.add(fields, "grammar", node -> Grammar.gbnf(text(node)));
        }
        all.add(fields, "json_schema", StructuredOutput::json);
        if (all.found.size() > 1) {
            List<String> names = new ArrayList<>(all.found.keySet());
            throw ApiException.badRequest(
                    names.get(1),
                    "\"" + names.get(1) + "\" and \"" + names.getFirst() + "\" both say what the text must look like,"
                            + " expected one of them");
        }
        return all.found.values().stream().findFirst();
    }

    /** Makes a grammar of the value of a field. */
    private interface Reader {
        /** @throws WrongValueException if the value is of another kind */
        Grammar read(JsonNode value);
    }

    /** The value of a field is not what its reader expects. */
    private static final class WrongValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongValueException(String expected) {
            super(expected);
        }
    }

    private void add(JsonFields fields, String name, Reader reader) {
        if (fields.has(name)) {
            add(name, name, fields.node(name), reader);
        }
    }

    /** @param param the field of the request that errors name */
    private void add(String param, String name, JsonNode value, Reader reader) {
        try {
            found.put(name, reader.read(value));
        } catch (GrammarException e) {
            throw ApiException.badRequest(param, "\"" + name + "\" cannot be honoured: " + e.getMessage());
        } catch (WrongValueException e) {
            String shown = value.toString();
            throw ApiException.badRequest(
                    param,
                    "\"" + name + "\" is " + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown)
                            + ", expected " + e.getMessage());
        }
    }

    private static String text(JsonNode value) {
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw new WrongValueException("a string that is not empty");
        }
        return value.stringValue();
    }

    /** A schema, or its text. */
    private static Grammar json(JsonNode value) {
        if (value.isString()) {
            return JsonSchema.grammar(value.stringValue());
        }
        if (!value.isObject() && !value.isBoolean()) {
            throw new WrongValueException("a JSON Schema");
        }
        return JsonSchema.grammar(Json.text(value));
    }

    private static Grammar choice(JsonNode value) {
        List<Grammar> options = new ArrayList<>();
        for (JsonNode each : value.isArray() ? value : List.<JsonNode>of()) {
            if (!each.isString() || each.stringValue().isEmpty()) {
                options.clear();
                break;
            }
            options.add(Grammar.text(each.stringValue()));
        }
        if (options.isEmpty()) {
            throw new WrongValueException("an array of strings, none of them empty");
        }
        return Grammar.choice(options.toArray(Grammar[]::new));
    }

    private void structuredOutputs(JsonFields fields) {
        String name = "structured_outputs";
        if (!fields.has(name)) {
            return;
        }
        JsonFields parts = fields.object(name);
        JsonNode all = fields.node(name);
        for (String part : all.propertyNames()) {
            boolean off = all.path(part).isNull()
                    || all.path(part).isBoolean() && !all.path(part).booleanValue();
            if (!PARTS.contains(part) && !off) {
                throw ApiException.badRequest(
                        name, "\"" + name + "." + part + "\" is not supported, expected one of " + PARTS);
            }
        }
        int before = found.size();
        part(parts, "json", StructuredOutput::json);
        part(parts, "regex", node -> Grammar.regex(text(node)));
        part(parts, "choice", StructuredOutput::choice);
        part(parts, "grammar", node -> Grammar.gbnf(text(node)));
        if (parts.bool("json_object", false)) {
            found.put(name + ".json_object", JsonGrammar.object());
        }
        if (found.size() == before) {
            throw ApiException.badRequest(name, "\"" + name + "\" is " + all + ", expected one of " + PARTS);
        }
    }

    private void part(JsonFields parts, String part, Reader reader) {
        if (parts.has(part)) {
            add("structured_outputs", "structured_outputs." + part, parts.node(part), reader);
        }
    }

    private void responseFormat(JsonFields fields) {
        String name = "response_format";
        if (!fields.has(name)) {
            return;
        }
        JsonFields format = fields.object(name);
        switch (format.node("type").asString("")) {
            case "text" -> {}
            case "json_object" -> found.put(name, JsonGrammar.object());
            case "json_schema" ->
                add(
                        name,
                        name + ".json_schema.schema",
                        format.node("json_schema").path("schema"),
                        value -> {
                            if (!value.isObject()) {
                                throw new WrongValueException("an object");
                            }
                            return json(value);
                        });
            default ->
                throw ApiException.badRequest(
                        name,
                        "\"response_format.type\" is " + format.node("type")
                                + ", expected text, json_object or json_schema");
        }
    }
}
