package io.karipap.hub;

import java.util.List;
import java.util.Optional;

/**
 * What a repository has at one commit.
 *
 * @param commit 40 hexadecimal digits
 * @param files those that have safe names
 */
record RepositoryListing(String commit, List<RepositoryFile> files) {
    RepositoryListing {
        if (!Revision.isCommit(commit)) {
            throw new IllegalArgumentException(
                    "\"" + RepositoryFile.printable(commit) + "\" is no commit, expected 40 hexadecimal digits");
        }
        files = List.copyOf(files);
    }

    Optional<RepositoryFile> file(String path) {
        return find(files, path);
    }

    static Optional<RepositoryFile> find(List<RepositoryFile> files, String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
