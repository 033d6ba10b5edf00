package io.karipap.hub;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * A file of a repository.
 *
 * @param path relative, parts separated by {@code /}; leads nowhere but into a folder that it is resolved in
 * @param bytes its size, if the server tells
 */
public record RepositoryFile(String path, OptionalLong bytes) {
    private static final int MAX_PATH_BYTES = 1024;
    private static final int MAX_PART_BYTES = 255;

    /** @throws IllegalArgumentException if the path is not safe or the size is negative */
    public RepositoryFile {
        if (!isSafe(path)) {
            throw new IllegalArgumentException("\"" + printable(path) + "\" is no safe name of a file");
        }
        if (bytes.isPresent() && bytes.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "\"" + path + "\" has " + bytes.getAsLong() + " bytes, expected 0 or more");
        }
    }

    /** Whether a path is relative, without empty parts, {@code .}, {@code ..}, backslashes and control characters, and short. */
    static boolean isSafe(String path) {
        if (utf8Length(path) > MAX_PATH_BYTES || path.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || utf8Length(part) > MAX_PART_BYTES) {
                return false;
            }
        }
        return true;
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Text from elsewhere as it may be shown in a terminal. */
    static String printable(String text) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    /** The part after the last slash. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    boolean isAtTop() {
        return path.indexOf('/') < 0;
    }
}
