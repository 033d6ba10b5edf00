package io.karipap.tokenizer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads GPT-2's pair of files, {@code vocab.json} and {@code merges.txt}. They do not tell the pattern; the class named in
 * {@code tokenizer_config.json} does, and without one it is GPT-2's.
 */
final class Gpt2FilesReader {
    private Gpt2FilesReader() {}

    /**
     * @param config what the files beside them say
     * @throws TokenizerException if a file is malformed
     */
    static TokenizerParts read(byte[] vocab, byte[] merges, TokenizerConfig config) {
        Map<String, Integer> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                TokenizerConfig.object("vocab.json", vocab).properties()) {
            if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
                throw new TokenizerException("vocab.json[\"" + entry.getKey() + "\"] is not a token id");
            }
            ids.put(entry.getKey(), entry.getValue().intValue());
        }
        if (ids.isEmpty()) {
            throw new TokenizerException("vocab.json has no tokens");
        }
        Vocabulary vocabulary = Vocabulary.of(ids);
        String type = config.tokenizerClass();
        boolean qwen = type.equals("Qwen2Tokenizer");
        if (!qwen && !type.equals("GPT2Tokenizer") && !type.isEmpty()) {
            throw new TokenizerException(
                    "tokenizer_class \"" + type + "\" is not supported with vocab.json and merges.txt");
        }
        List<AddedToken> added = added(config, vocabulary);
        boolean begins = config.flag("add_bos_token", false);
        boolean ends = config.flag("add_eos_token", false);
        return ByteLevelParts.of(
                vocabulary,
                merges(merges, vocabulary),
                HuggingFacePreTokenizers.named(qwen ? "qwen2" : "gpt-2"),
                qwen ? new Normalizer.Unicode(Form.NFC) : null,
                added,
                begins ? new int[] {special(config, "bos_token", added, vocabulary)} : new int[0],
                ends ? new int[] {special(config, "eos_token", added, vocabulary)} : new int[0],
                false);
    }

    private static MergeTable merges(byte[] file, Vocabulary vocabulary) {
        ListedMerges merges = new ListedMerges(vocabulary, file.length / 10);
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
            merges.add(line.substring(0, space), line.substring(space + 1));
        }
        return merges.table();
    }

    private static List<AddedToken> added(TokenizerConfig config, Vocabulary vocabulary) {
        List<AddedToken> added = config.added();
        int end = vocabulary.id("<|endoftext|>");
        if (added.isEmpty() && end >= 0) {
            added.add(new AddedToken(end, "<|endoftext|>", true, false, false, false, false));
        }
        return added;
    }

    /** The id of a special token that is to be put at an end of every text. */
    private static int special(TokenizerConfig config, String role, List<AddedToken> added, Vocabulary vocabulary) {
        String content = config.special(role, "<|endoftext|>");
        for (AddedToken token : added) {
            if (token.content().equals(content)) {
                return token.id();
            }
        }
        int id = vocabulary.id(content);
        if (id < 0) {
            throw new TokenizerException(
                    "has no token for " + role + " \"" + content + "\", which is to be added to texts");
        }
        return id;
    }
}
