package io.karipap.server;

import io.karipap.chat.format.CallRules;
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
import tools.jackson.databind.JsonNode;

/**
 * The fields {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}.
 *
 * @param offered tools as the template reads them; none where the model must not call one
 * @param rules which of them an answer may call; absent for none
 */
record ToolFields(List<Map<String, Object>> offered, Optional<CallRules> rules) {
    private static final int MAX_TOOLS = 128;
    private static final String NAME = "[a-zA-Z0-9_.:-]{1,64}";

    /** @throws ApiException if a field is malformed or a schema not supported; it names the place */
    static ToolFields read(JsonFields fields) {
        Map<String, Grammar> forms = new LinkedHashMap<>();
        List<Map<String, Object>> offered = new ArrayList<>();
        if (fields.has("tools")) {
            JsonNode tools = fields.node("tools");
            if (!tools.isArray() || tools.size() > MAX_TOOLS) {
                throw fields.wrong("tools", "an array of up to " + MAX_TOOLS + " tools");
            }
            for (int i = 0; i < tools.size(); i++) {
                String place = "tools[" + i + "]";
                String name = name(tools.get(i), place);
                JsonNode schema = tools.get(i).path("function").path("parameters");
                if (forms.put(name, arguments(schema, place + ".function.parameters")) != null) {
                    throw ApiException.badRequest(place, "the tool \"" + name + "\" is there twice");
                }
                offered.add(Json.plainMap(tools.get(i)));
            }
        }
        boolean several = fields.bool("parallel_tool_calls", true);
        return chosen(fields, offered, forms, several);
    }

    private static ToolFields chosen(
            JsonFields fields, List<Map<String, Object>> offered, Map<String, Grammar> forms, boolean several) {
        JsonNode choice = fields.node("tool_choice");
        String word = fields.has("tool_choice") ? choice.asString("") : "auto";
        if (word.equals("none") || word.equals("auto") && forms.isEmpty()) {
            return new ToolFields(List.of(), Optional.empty());
        }
        if (forms.isEmpty()) {
            throw ApiException.badRequest(
                    "tool_choice", "\"tool_choice\" is " + choice + " but there are no \"tools\"");
        }
        if (word.equals("auto") || word.equals("required")) {
            return new ToolFields(offered, Optional.of(new CallRules(forms, word.equals("required"), several)));
        }
        String named = choice.path("function").path("name").asString("");
        if (!choice.path("type").asString("").equals("function") || named.isEmpty()) {
            throw fields.wrong(
                    "tool_choice", "none, auto, required or {\"type\": \"function\", \"function\": {\"name\": …}}");
        }
        if (!forms.containsKey(named)) {
            throw ApiException.badRequest("tool_choice", "\"tool_choice\" names \"" + named + "\", which is no tool");
        }
        return new ToolFields(offered, Optional.of(new CallRules(Map.of(named, forms.get(named)), true, false)));
    }

    private static String name(JsonNode tool, String place) {
        if (!tool.path("type").asString("").equals("function")) {
            throw ApiException.badRequest(
                    place + ".type", "the tool is of the type " + tool.path("type") + ", expected function");
        }
        JsonNode name = tool.path("function").path("name");
        if (!name.isString() || !name.stringValue().matches(NAME)) {
            throw ApiException.badRequest(
                    place + ".function.name",
                    "the name is " + name + ", expected 1 to 64 letters, digits or any of _ - . :");
        }
        return name.stringValue();
    }

    /** No schema, or one without properties, takes no arguments. */
    private static Grammar arguments(JsonNode schema, String place) {
        if (schema.isMissingNode() || schema.isNull()) {
            return Grammar.text("{}");
        }
        if (!schema.isObject() || !schema.path("type").asString("object").equals("object")) {
            throw ApiException.badRequest(place, "\"" + place + "\" is not the schema of an object");
        }
        if (schema.isEmpty()) {
            return JsonGrammar.object();
        }
        if (schema.path("properties").isObject()
                && schema.path("properties").isEmpty()
                && !schema.has("additionalProperties")) {
            return Grammar.text("{}");
        }
        try {
            return JsonSchema.grammar(Json.text(schema));
        } catch (GrammarException e) {
            throw ApiException.badRequest(place, e.getMessage());
        }
    }
}
