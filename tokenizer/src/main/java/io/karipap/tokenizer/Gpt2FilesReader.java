package io.karipap.tokenizer;

import io.karipap.json.Json;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads GPT-2's pair of files, {@code vocab.json} and {@code merges.txt}. They do not tell the pattern; the class named in
 * {@code tokenizer_config.json} does, and without one it is GPT-2's.
 */
final class Gpt2FilesReader {

    private Gpt2FilesReader() {}

    /**
     * @param config {@code tokenizer_config.json}, or null
     * @throws TokenizerException if a file is malformed
     */
    static TokenizerParts read(byte[] vocab, byte[] merges, byte[] config) {
        Map<String, Integer> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : parse("vocab.json", vocab).properties()) {
            if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
                throw new TokenizerException("vocab.json[\"" + entry.getKey() + "\"] is not a token id");
            }
            ids.put(entry.getKey(), entry.getValue().intValue());
        }
        if (ids.isEmpty()) {
            throw new TokenizerException("vocab.json has no tokens");
        }
        Vocabulary vocabulary = new Vocabulary(ids);
        JsonNode settings = config == null ? Json.object() : parse("tokenizer_config.json", config);
        String type = settings.path("tokenizer_class").asString("GPT2Tokenizer").replaceAll("Fast$", "");
        boolean qwen = type.equals("Qwen2Tokenizer");
        if (!qwen && !type.equals("GPT2Tokenizer")) {
            throw new TokenizerException(
                    "tokenizer_class \"" + type + "\" is not supported with vocab.json and merges.txt");
        }
        return ByteLevelParts.of(
                vocabulary,
                merges(merges, vocabulary),
                SplitPatterns.stages(qwen ? "qwen2" : "gpt-2"),
                qwen ? new Normalizer.Unicode(Form.NFC) : null,
                added(settings, vocabulary),
                new int[0],
                false);
    }

    private static JsonNode parse(String name, byte[] json) {
        try {
            JsonNode node = Json.parse(json);
            if (node == null || !node.isObject()) {
                throw new TokenizerException(name + " is not a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw new TokenizerException(name + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static MergeTable merges(byte[] file, Vocabulary vocabulary) {
        MergeTable table = new MergeTable(file.length / 10);
        int rank = 0;
        int number = 0;
        for (String line : new String(file, StandardCharsets.UTF_8).split("\r?\n")) {
            number++;
            if (line.isEmpty() || number == 1 && line.startsWith("#version")) {
                continue;
            }
            int space = line.indexOf(' ');
            if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
                throw new TokenizerException("merges.txt line " + number + " is not a pair of tokens");
            }
            HuggingFaceReader.addMerge(table, vocabulary, line.substring(0, space), line.substring(space + 1), rank++);
        }
        return table;
    }

    private static List<AddedToken> added(JsonNode settings, Vocabulary vocabulary) {
        List<AddedToken> added = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                settings.path("added_tokens_decoder").properties()) {
            int id;
            try {
                id = Integer.parseInt(entry.getKey());
            } catch (NumberFormatException e) {
                throw new TokenizerException(
                        "tokenizer_config.json added_tokens_decoder has the id \"" + entry.getKey() + "\"", e);
            }
            added.add(HuggingFaceReader.addedToken(id, entry.getValue()));
        }
        int end = vocabulary.id("<|endoftext|>");
        if (added.isEmpty() && end >= 0) {
            added.add(new AddedToken(end, "<|endoftext|>", true, false, false, false, false));
        }
        return added;
    }
}
