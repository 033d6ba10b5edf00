package io.karipap.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads BERT's {@code vocab.txt}, one WordPiece token a line; how texts are cleaned is said by {@code tokenizer_config.json}. */
final class WordListReader {
    /** Words of more characters are unknown: BERT's constant. */
    static final int MAX_WORD = 100;

    private static final String CONTINUATION = "##";

    private WordListReader() {}

    /** @throws TokenizerException if the file is malformed or the configuration names a class that splits otherwise */
    static TokenizerParts read(byte[] file, TokenizerConfig config) {
        String type = config.tokenizerClass();
        if (!Set.of(
                        "",
                        "BertTokenizer",
                        "DistilBertTokenizer",
                        "ElectraTokenizer",
                        "PreTrainedTokenizer",
                        "TokenizersBackend")
                .contains(type)) {
            throw new TokenizerException("tokenizer_class \"" + type + "\" is not supported with vocab.txt");
        }
        Map<String, Integer> ids = new LinkedHashMap<>();
        int id = 0;
        for (String line : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
            ids.put(line.stripTrailing(), id++);
        }
        // A file that ends with a newline has no token behind it.
        ids.remove("", id - 1);
        List<AddedToken> added = new ArrayList<>(config.added());
        Map<String, Integer> roles = new LinkedHashMap<>();
        for (String role : List.of("unk", "cls", "sep", "pad", "mask")) {
            String content = config.special(role + "_token", "[" + role.toUpperCase(Locale.ROOT) + "]");
            Integer known = ids.get(content);
            if (known != null) {
                roles.put(role, known);
                if (added.stream().noneMatch(token -> token.id() == known)) {
                    added.add(new AddedToken(known, content, true, false, false, false, false));
                }
            }
        }
        for (String role : List.of("unk", "cls", "sep")) {
            if (!roles.containsKey(role)) {
                throw new TokenizerException("has no " + role + " token among its " + ids.size() + " lines");
            }
        }
        boolean lowercase = config.flag("do_lower_case", true);
        BertNormalizer normalizer = new BertNormalizer(
                true, config.flag("tokenize_chinese_chars", true), config.flag("strip_accents", lowercase), lowercase);
        return parts(Vocabulary.of(ids), normalizer, roles.get("unk"), added, roles.get("cls"), roles.get("sep"));
    }

    /** A BERT tokenizer of these parts. */
    static TokenizerParts parts(
            Vocabulary vocabulary,
            BertNormalizer normalizer,
            int unknownId,
            List<AddedToken> added,
            int beginId,
            int endId) {
        Set<Integer> special = new HashSet<>();
        for (AddedToken token : added) {
            if (token.special()) {
                special.add(token.id());
            }
        }
        return new TokenizerParts(
                new WordPieceModel(vocabulary, id -> !special.contains(id), CONTINUATION, unknownId, MAX_WORD),
                added,
                normalizer,
                new PreTokenizer.Sequence(HuggingFacePreTokenizers.bert()),
                TokenDecoder.wordPiece(CONTINUATION, true),
                new int[] {beginId},
                new int[] {endId},
                false);
    }
}
