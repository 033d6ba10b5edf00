package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Checks responses against our JSON Schemas of OpenAI's shapes. */
final class Shapes {
    private static final String ID = "https://karipap.io/openai-shapes.json";

    private Shapes() {}

    /** Validates and returns a node; {@code shape} is the name of a definition. */
    static JsonNode check(JsonNode node, String shape) {
        assertThat(schema(shape).validate(node)).as("%s %s", shape, node).isEmpty();
        return node;
    }

    /** The chunks of a stream, each validated; the last event must be [DONE]. */
    static List<JsonNode> chunks(String body, String shape) {
        List<String> events =
                body.lines().filter(line -> line.startsWith("data: ")).toList();
        assertThat(events).last().isEqualTo("data: [DONE]");
        List<JsonNode> chunks = new ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            chunks.add(check(TestServer.MAPPER.readTree(event.substring(6)), shape));
        }
        return chunks;
    }

    private static Schema schema(String shape) {
        try (InputStream in = Shapes.class.getResourceAsStream("/openai-shapes.json")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, all)));
            return registry.getSchema(SchemaLocation.of(ID + "#/$defs/" + shape));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
