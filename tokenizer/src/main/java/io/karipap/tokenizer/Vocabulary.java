package io.karipap.tokenizer;

import java.util.HashMap;
import java.util.Map;

/** Token spellings by id and ids by spelling. Ids may have gaps. */
final class Vocabulary {
    /** Four times the largest vocabulary in use; a file that names a larger id is damaged or hostile. */
    static final int MAX_ID = 1 << 20;

    private final Map<String, Integer> ids;
    private final String[] tokens;

    /** @throws TokenizerException if an id is negative, absurdly large or used twice */
    Vocabulary(Map<String, Integer> ids) {
        int size = 0;
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            int id = entry.getValue();
            if (id < 0 || id > MAX_ID) {
                throw new TokenizerException(
                        "token \"" + entry.getKey() + "\" has id " + id + ", expected 0.." + MAX_ID);
            }
            size = Math.max(size, id + 1);
        }
        tokens = new String[size];
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            if (tokens[entry.getValue()] != null) {
                throw new TokenizerException("tokens \"" + tokens[entry.getValue()] + "\" and \"" + entry.getKey()
                        + "\" have the same id " + entry.getValue());
            }
            tokens[entry.getValue()] = entry.getKey();
        }
        this.ids = new HashMap<>(ids);
    }

    /** One more than the largest id. */
    int size() {
        return tokens.length;
    }

    /** The id of {@code token}, or −1. */
    int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    /** The spelling of {@code id}, or null where there is none. */
    String token(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : null;
    }
}
