package io.karipap.chat;

import io.karipap.json.Json;

/**
 * A call that a model asks for.
 *
 * @param id what its result is told under
 * @param name of the tool
 * @param arguments JSON object, valid by the tool's schema unless the answer was cut off
 * @since 0.1
 */
public record ToolCall(String id, String name, String arguments) {
    /** The arguments as a record. */
    public <T extends Record> T arguments(Class<T> type) {
        return Json.read(arguments, type);
    }
}
