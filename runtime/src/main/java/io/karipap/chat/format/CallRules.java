package io.karipap.chat.format;

import io.karipap.grammar.Grammar;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which tools an answer may call.
 *
 * @param tools forms of the arguments by name of the tool, at least one
 * @param required whether the answer has to be a call
 * @param several whether it may have more than one
 */
public record CallRules(Map<String, Grammar> tools, boolean required, boolean several) {
    public CallRules {
        tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
    }
}
