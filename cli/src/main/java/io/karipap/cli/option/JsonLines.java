package io.karipap.cli.option;

import io.karipap.json.Json;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** Lines of a JSON lines file. */
public final class JsonLines {

    private JsonLines() {}

    /** @throws IllegalArgumentException if the line is not a JSON string; the message names file and line */
    public static String string(Path file, int number, String line) {
        return read(file, number, line, String.class, "string");
    }

    /** @throws IllegalArgumentException if the line is not a JSON array of integers; the message names file and line */
    public static int[] ids(Path file, int number, String line) {
        return read(file, number, line, int[].class, "array of token ids");
    }

    private static <T> T read(Path file, int number, String line, Class<T> type, String expected) {
        try {
            T value = Json.read(line, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " line " + number + " is not a JSON " + expected, e);
        }
        throw new IllegalArgumentException(file + " line " + number + " is null, expected a JSON " + expected);
    }
}
