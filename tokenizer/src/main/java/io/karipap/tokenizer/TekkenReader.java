package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads Mistral's {@code tekken.json}: a splitting pattern, tokens in base64 by rank, and special tokens whose ids come before those of
 * the ranks.
 */
final class TekkenReader {
    private static final String BEGIN = "<s>";

    /** The special tokens of files that list none, by id; all up to the number of special tokens have an id. */
    private static final List<String> OLD_SPECIALS = List.of(
            "<unk>",
            BEGIN,
            "</s>",
            "[INST]",
            "[/INST]",
            "[AVAILABLE_TOOLS]",
            "[/AVAILABLE_TOOLS]",
            "[TOOL_RESULTS]",
            "[/TOOL_RESULTS]",
            "[TOOL_CALLS]",
            "[IMG]",
            "<pad>",
            "[IMG_BREAK]",
            "[IMG_END]",
            "[PREFIX]",
            "[MIDDLE]",
            "[SUFFIX]",
            "[SYSTEM_PROMPT]",
            "[/SYSTEM_PROMPT]",
            "[TOOL_CONTENT]");

    private TekkenReader() {}

    /** @throws TokenizerException if the file is malformed */
    static TokenizerParts read(byte[] json) {
        JsonNode root = TokenizerConfig.object("tekken.json", json);
        JsonNode config = root.path("config");
        int size = count(config, "default_vocab_size");
        int specials = count(config, "default_num_special_tokens");
        JsonNode vocab = root.path("vocab");
        if (specials >= size || size - specials > vocab.size()) {
            throw new TokenizerException("config.default_vocab_size is " + size + ", expected more than the " + specials
                    + " special tokens and at most " + vocab.size() + " tokens besides");
        }
        if (!config.path("pattern").isString()) {
            throw new TokenizerException("config.pattern is missing");
        }
        Vocabulary vocabulary = vocabulary(vocab, size, specials);
        double[] scores = new double[vocabulary.size()];
        boolean[] mergeable = new boolean[vocabulary.size()];
        for (int id = specials; id < scores.length; id++) {
            scores[id] = -id;
            mergeable[id] = true;
        }
        List<AddedToken> added = specials(root.path("special_tokens"), specials);
        int[] prefix = added.stream()
                .filter(token -> token.content().equals(BEGIN))
                .mapToInt(AddedToken::id)
                .toArray();
        return ByteLevelParts.of(
                vocabulary,
                MergesByScore.of(vocabulary, scores, mergeable),
                HuggingFacePreTokenizers.regex(config.path("pattern").stringValue(), SplitBehavior.ISOLATED, false),
                null,
                added,
                prefix,
                new int[0],
                true);
    }

    private static int count(JsonNode config, String name) {
        int count = config.path(name).asInt(-1);
        if (count < 0 || count > Vocabulary.MAX_ID) {
            throw new TokenizerException(
                    "config." + name + " is " + config.path(name) + ", expected 0.." + Vocabulary.MAX_ID);
        }
        return count;
    }

    private static Vocabulary vocabulary(JsonNode vocab, int size, int specials) {
        Map<String, Integer> ids = new HashMap<>(size * 2);
        for (int rank = 0; rank < size - specials; rank++) {
            JsonNode token = vocab.get(rank);
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(token.path("token_bytes").asString(""));
            } catch (IllegalArgumentException e) {
                throw new TokenizerException("vocab[" + rank + "].token_bytes is not base64", e);
            }
            if (bytes.length == 0 || token.path("rank").asInt(-1) != rank) {
                throw new TokenizerException("vocab[" + rank + "] is not the token of that rank: " + token);
            }
            if (ids.put(ByteLevelAlphabet.spell(bytes), rank + specials) != null) {
                throw new TokenizerException("vocab[" + rank + "] is a token that is there already: " + token);
            }
        }
        return Vocabulary.of(ids);
    }

    private static List<AddedToken> specials(JsonNode listed, int count) {
        AddedToken[] tokens = new AddedToken[count];
        if (listed.isArray()) {
            for (JsonNode token : listed) {
                int id = token.path("rank").asInt(-1);
                String content = token.path("token_str").asString("");
                if (id < 0 || id >= count || content.isEmpty() || tokens[id] != null) {
                    throw new TokenizerException("special_tokens has the entry " + token
                            + ", expected a token_str and a" + " rank of its own in 0.." + (count - 1));
                }
                tokens[id] = special(id, content);
            }
        } else {
            for (int id = 0; id < Math.min(count, OLD_SPECIALS.size()); id++) {
                tokens[id] = special(id, OLD_SPECIALS.get(id));
            }
        }
        List<AddedToken> all = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            all.add(tokens[id] != null ? tokens[id] : special(id, "<SPECIAL_" + id + ">"));
        }
        return all;
    }

    private static AddedToken special(int id, String content) {
        return new AddedToken(id, content, true, false, false, false, false);
    }
}
