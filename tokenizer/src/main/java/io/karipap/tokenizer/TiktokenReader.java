package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a {@code .tiktoken} file: a token in base64 and its rank on every line. The pattern follows from the encoding's name. */
final class TiktokenReader {
    private TiktokenReader() {}

    /**
     * @param encoding name of the encoding, such as {@code cl100k_base}: the file does not tell its pattern
     * @throws TokenizerException if the file is malformed or the encoding is not known
     */
    static TokenizerParts read(String encoding, byte[] file) {
        PreTokenizer preTokenizer = HuggingFacePreTokenizers.named(encoding);
        Map<String, Integer> ids = new HashMap<>();
        int number = 0;
        for (String line : new String(file, StandardCharsets.US_ASCII).split("\n")) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            int space = line.indexOf(' ');
            try {
                byte[] token = Base64.getDecoder().decode(line.substring(0, Math.max(0, space)));
                int rank = Integer.parseInt(line.substring(space + 1).strip());
                if (token.length == 0 || ids.put(ByteLevelAlphabet.spell(token), rank) != null) {
                    throw new IllegalArgumentException("empty or repeated token");
                }
            } catch (IllegalArgumentException e) {
                throw new TokenizerException("line " + number + " is not a token in base64 and its rank", e);
            }
        }
        if (ids.isEmpty()) {
            throw new TokenizerException("has no tokens");
        }
        Vocabulary vocabulary = Vocabulary.of(ids);
        double[] scores = new double[vocabulary.size()];
        boolean[] mergeable = new boolean[vocabulary.size()];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = -id;
            mergeable[id] = true;
        }
        MergeTable merges = MergesByScore.of(vocabulary, scores, mergeable);
        return ByteLevelParts.of(
                vocabulary, merges, preTokenizer, null, specials(encoding, vocabulary), new int[0], new int[0], true);
    }

    /** Special tokens stand behind the ranked ones, at ids that the encoding fixes. */
    private static List<AddedToken> specials(String encoding, Vocabulary vocabulary) {
        Map<String, Integer> specials =
                switch (encoding) {
                    case "gpt2", "gpt-2", "r50k_base", "p50k_base" -> Map.of("<|endoftext|>", 50256);
                    case "cl100k_base" ->
                        Map.of(
                                "<|endoftext|>", 100257,
                                "<|fim_prefix|>", 100258,
                                "<|fim_middle|>", 100259,
                                "<|fim_suffix|>", 100260,
                                "<|endofprompt|>", 100276);
                    case "o200k_base" -> Map.of("<|endoftext|>", 199999, "<|endofprompt|>", 200018);
                    default -> Map.of();
                };
        List<AddedToken> added = new ArrayList<>();
        specials.forEach((content, id) -> {
            if (vocabulary.token(id) == null) {
                added.add(new AddedToken(id, content, true, false, false, false, false));
            }
        });
        return added;
    }
}
