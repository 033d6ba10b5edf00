package io.karipap.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.karipap.generate.LanguageModel;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas that are drawn with every keyword: what a random model writes by the masks is valid for a validator that we did not write, and what
 * comes of it by small changes is in the grammar exactly if it is valid.
 */
class RandomSchemaTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static RandomModel model;

    @BeforeAll
    static void readTokenizer() throws IOException {
        try (InputStream in =
                LanguageModel.class.getResourceAsStream("/io/karipap/models/tales-small/tokenizer.json")) {
            Tokenizer tokenizer = Tokenizer.read("tokenizer.json", in.readAllBytes());
            model = new RandomModel(tokenizer, new VocabularyTrie(tokenizer));
        }
    }

    @Test
    void aFewHundred() {
        assertThat(pairs(300, 1)).isGreaterThan(200);
    }

    @Test
    @Tag("campaign")
    void tenThousand() {
        assertThat(pairs(12_500, 2)).isGreaterThan(10_000);
    }

    /** Returns how many pairs of a schema and a text there were; schemas that allow nothing have none. */
    private static int pairs(int count, long seed) {
        Random random = new Random(seed);
        int pairs = 0;
        for (int i = 0; i < count; i++) {
            boolean formats = i % 2 == 0;
            ObjectNode schemaNode = new RandomSchemas(random, formats).root();
            Grammar grammar;
            try {
                grammar = JsonSchema.grammar(schemaNode);
            } catch (GrammarException e) {
                assertThat(e.getMessage())
                        .as("%s", schemaNode)
                        .containsPattern(
                                "allows no (text|value)|has min|twice|may both|puts|prefixItems|contain themselves");
                continue;
            }
            Schema schema = SchemaRegistry.withDefaultDialect(
                            SpecificationVersion.DRAFT_2020_12,
                            builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                    .formatAssertionsEnabled(true)
                                    .build()))
                    .getSchema(schemaNode);
            String text = model.write(grammar, random, 60);
            assertThat(schema.validate(text, InputFormat.JSON))
                    .as("%s%n by %s", text, schemaNode)
                    .isEmpty();
            pairs++;
            if (!formats) {
                changed(grammar, schema, schemaNode, text, random);
            }
        }
        return pairs;
    }

    private static void changed(Grammar grammar, Schema schema, JsonNode schemaNode, String text, Random random) {
        for (int i = 0; i < 4; i++) {
            JsonNode value = change(MAPPER.readTree(text), random);
            String written = MAPPER.writeValueAsString(value);
            if (written.contains("\\u") || written.contains("E")) {
                continue; // may be written in several ways
            }
            boolean valid = schema.validate(written, InputFormat.JSON).isEmpty();
            boolean drawn = new Machine(Automaton.of(grammar)).matches(written.getBytes(StandardCharsets.UTF_8));
            assertThat(drawn).as("%s%n by %s", written, schemaNode).isEqualTo(valid);
        }
    }

    private static JsonNode change(JsonNode node, Random random) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, change(object.get(name), random));
            }
            return object;
        }
        if (node instanceof ArrayNode array && !array.isEmpty()) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.remove(array.size() - 1); // what moves may have members that are left out there
                case 1 -> array.add(scalar(random));
                default -> array.set(at, change(array.get(at), random));
            }
            return array;
        }
        if (node.isString() && random.nextBoolean()) {
            String string = node.stringValue();
            int cut = string.isEmpty()
                    ? 0
                    : string.offsetByCodePoints(0, random.nextInt(string.codePointCount(0, string.length())));
            return MAPPER.getNodeFactory().stringNode(string.substring(0, cut) + (random.nextBoolean() ? "b" : ""));
        }
        return scalar(random);
    }

    private static JsonNode scalar(Random random) {
        return MAPPER.readTree(List.of(
                        "0",
                        "-7",
                        "12.25",
                        "3",
                        "400",
                        "\"\"",
                        "\"ab\"",
                        "\"555-1234\"",
                        "true",
                        "null",
                        "{}",
                        "[]",
                        "\"red\"")
                .get(random.nextInt(13)));
    }
}
