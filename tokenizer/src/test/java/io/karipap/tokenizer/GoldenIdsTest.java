package io.karipap.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.testing.TestData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Token ids and decoded texts of a thousand mixed lines against what the reference programs gave ({@code golden_ids.py}): one hash for
 * every twenty lines, and a few lines in full.
 */
class GoldenIdsTest {
    private static final int BLOCK = 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static JsonNode resource(String name) throws IOException {
        try (InputStream in = GoldenIdsTest.class.getResourceAsStream("/golden/" + name)) {
            return MAPPER.readTree(in);
        }
    }

    static Stream<String> vocabularies() throws IOException {
        return resource("ids.json").propertyNames().stream();
    }

    /** Where a vocabulary lies: among the resources, in the shared data, or among the real models. */
    private static Path path(String name) {
        int colon = name.indexOf(':');
        String rest = name.substring(colon + 1);
        return switch (name.substring(0, Math.max(0, colon))) {
            case "real" -> TestData.require("models/real/" + rest);
            case "shared" -> TestData.require(rest);
            default -> Path.of("src/test/resources/vocabularies", rest);
        };
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void idsAndTextsAreThoseOfTheReference(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(path(name));
        JsonNode expected = resource("ids.json").path(name);
        List<String> lines = resource("mixed-lines.json")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
        for (Map.Entry<String, JsonNode> example : expected.path("examples").properties()) {
            String line = lines.get(Integer.parseInt(example.getKey()));
            int[] ids = example.getValue()
                    .valueStream()
                    .mapToInt(JsonNode::intValue)
                    .toArray();
            assertThat(tokenizer.encode(line))
                    .as(() -> "ids of \"" + line + "\"")
                    .containsExactly(ids);
        }
        List<int[]> ids = lines.stream().map(tokenizer::encode).toList();
        for (int line = 0; line < lines.size(); line++) {
            assertThat(tokenizer
                            .encodeWithOffsets(lines.get(line), EncodeOptions.PLAIN)
                            .ids())
                    .as("ids with offsets of line " + line)
                    .containsExactly(ids.get(line));
        }
        assertThat(blocks(ids.stream()
                        .map(line ->
                                Arrays.stream(line).mapToObj(Integer::toString).collect(Collectors.joining(",")))
                        .toList()))
                .as("hashes of the ids of twenty lines each")
                .isEqualTo(hashes(expected.path("ids")));
        assertThat(blocks(ids.stream().map(line -> tokenizer.decode(line)).toList()))
                .as("hashes of the decoded texts of twenty lines each")
                .isEqualTo(hashes(expected.path("texts")));
    }

    private static List<String> hashes(JsonNode node) {
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    private static List<String> blocks(List<String> lines) {
        return IntStream.range(0, lines.size() / BLOCK)
                .mapToObj(block -> hash(lines.subList(block * BLOCK, (block + 1) * BLOCK)))
                .toList();
    }

    private static String hash(List<String> lines) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
