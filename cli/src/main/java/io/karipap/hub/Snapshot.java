package io.karipap.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What the cache has of a repository at one commit.
 *
 * @param folder where its files are, by their names
 * @param revisions branches and tags that stand for the commit, in alphabetical order
 * @param files with their sizes
 * @param bytes of all files, a blob that several of them share counted once
 * @param modified when the last of them came
 */
public record Snapshot(
        RepositoryName repository,
        String commit,
        Path folder,
        List<String> revisions,
        List<RepositoryFile> files,
        long bytes,
        Instant modified) {
    public Snapshot {
        revisions = List.copyOf(revisions);
        files = List.copyOf(files);
    }

    /** The revision that a user would name: a branch or tag if there is one, else the commit. */
    public String revision() {
        return revisions.contains("main") || revisions.isEmpty()
                ? revisions.isEmpty() ? commit : "main"
                : revisions.getFirst();
    }
}
