package io.karipap.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a repository of models, {@code owner/name}; the oldest ones have no owner.
 *
 * @param text letters, digits, {@code . _ -}, at most one slash, at most 96 characters; {@code --} and {@code ..} are not allowed,
 *     because a folder name is made of it
 */
public record RepositoryName(String text) {
    private static final int MAX_LENGTH = 96;
    private static final String PREFIX = "models--";
    private static final Pattern VALID = Pattern.compile("(\\w[\\w.-]*/)?\\w(?:[\\w.-]*\\w)?");

    /** @throws IllegalArgumentException if the text is no name of a repository */
    public RepositoryName {
        if (!isValid(text)) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is no name of a repository, expected owner/name of letters, digits, '.', '_' and '-'");
        }
    }

    static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH
                && VALID.matcher(text).matches()
                && !text.contains("--")
                && !text.contains("..")
                && !text.endsWith(".git");
    }

    public boolean hasOwner() {
        return text.indexOf('/') >= 0;
    }

    /** Name of its folder in the cache. */
    String folder() {
        return PREFIX + text.replace("/", "--");
    }

    /** The repository of a folder of the cache; empty if the folder is none of a model. */
    static Optional<RepositoryName> ofFolder(String folder) {
        if (!folder.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String name = folder.substring(PREFIX.length()).replace("--", "/");
        return isValid(name) ? Optional.of(new RepositoryName(name)) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
