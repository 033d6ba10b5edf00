package io.karipap.hub;

import java.util.regex.Pattern;

/**
 * A branch, a tag or a commit of a repository.
 *
 * @param text a file in the cache is named by it, so it may not lead out of a folder
 */
public record Revision(String text) {
    private static final int MAX_LENGTH = 200;
    private static final Pattern VALID = Pattern.compile("[\\w.+-]+(/[\\w.+-]+)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** The branch that is meant where none is named; made last, because its check needs the patterns. */
    public static final Revision MAIN = new Revision("main");

    /** @throws IllegalArgumentException if the text is no revision */
    public Revision {
        if (text.length() > MAX_LENGTH || !VALID.matcher(text).matches() || hasDots(text)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no revision, expected a branch, a tag or a commit, such as main or v1.0");
        }
    }

    private static boolean hasDots(String text) {
        return text.contains("..") || text.startsWith(".") || text.contains("/.");
    }

    public boolean isCommit() {
        return isCommit(text);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
