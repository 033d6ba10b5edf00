package io.karipap.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of a repository in the cache: {@code blobs} named by hash, {@code snapshots/COMMIT} with links to them by file name,
 * {@code refs/REVISION} with commits, {@code .no_exist/COMMIT} with files that are known not to be there.
 */
final class CachedRepository {
    private static final int MAX_REF_BYTES = 200;

    private final Path cache;
    private final RepositoryName name;

    CachedRepository(Path cache, RepositoryName name) {
        this.cache = cache;
        this.name = name;
    }

    RepositoryName name() {
        return name;
    }

    Path folder() {
        return cache.resolve(name.folder());
    }

    Path blobs() {
        return folder().resolve("blobs");
    }

    Path refs() {
        return folder().resolve("refs");
    }

    Path snapshots() {
        return folder().resolve("snapshots");
    }

    Path locks() {
        return cache.resolve(".locks").resolve(name.folder());
    }

    Path absentFiles(String commit) {
        return folder().resolve(".no_exist").resolve(commit);
    }

    Path blob(ContentHash hash) {
        return blobs().resolve(hash.hex());
    }

    /** Bytes of a blob that is not complete. Not the name that others use: they would take what we have not checked. */
    Path incomplete(ContentHash hash) {
        return blobs().resolve(hash.hex() + ".karipap.incomplete");
    }

    Path lock(ContentHash hash) {
        return locks().resolve(hash.hex() + ".lock");
    }

    /** The commit that a revision stands for here: a branch or tag, a commit, or the beginning of one. */
    Optional<String> commit(Revision revision) throws IOException {
        Path ref = refs().resolve(revision.text());
        if (Files.isRegularFile(ref)) {
            String commit =
                    Files.size(ref) > MAX_REF_BYTES ? "" : Files.readString(ref).strip();
            if (!Revision.isCommit(commit)) {
                throw new HubException(ref + " holds no commit: remove the model and pull it again");
            }
            return Optional.of(commit);
        }
        List<String> commits = revision.text().matches("[0-9a-f]{7,40}")
                ? names(snapshots()).stream()
                        .filter(commit -> commit.startsWith(revision.text()))
                        .toList()
                : List.of();
        return commits.size() == 1 ? Optional.of(commits.getFirst()) : Optional.empty();
    }

    /** What is there of a commit. */
    Optional<Snapshot> snapshot(String commit) throws IOException {
        Path folder = snapshots().resolve(commit);
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        List<RepositoryFile> files = new ArrayList<>();
        Set<Path> counted = new HashSet<>();
        long bytes = 0;
        Instant modified = Instant.EPOCH;
        for (Path path : filesBelow(folder)) {
            String relative = folder.relativize(path).toString().replace('\\', '/');
            if (!Files.isRegularFile(path) || !RepositoryFile.isSafe(relative)) {
                continue; // a link whose blob is gone
            }
            long size = Files.size(path);
            files.add(new RepositoryFile(relative, OptionalLong.of(size)));
            if (counted.add(target(path))) {
                bytes += size;
            }
            Instant time = Files.getLastModifiedTime(path).toInstant();
            modified = time.isAfter(modified) ? time : modified;
        }
        return Optional.of(new Snapshot(name, commit, folder, revisions(commit), files, bytes, modified));
    }

    List<Snapshot> snapshots(Optional<Revision> revision) throws IOException {
        List<Snapshot> found = new ArrayList<>();
        if (revision.isPresent()) {
            Optional<String> commit = commit(revision.get());
            if (commit.isPresent()) {
                snapshot(commit.get()).ifPresent(found::add);
            }
            return found;
        }
        for (String commit : names(snapshots())) {
            snapshot(commit).ifPresent(found::add);
        }
        return found;
    }

    /** Branches and tags that stand for a commit. */
    private List<String> revisions(String commit) throws IOException {
        List<String> revisions = new ArrayList<>();
        for (Path ref : filesBelow(refs())) {
            if (Files.size(ref) <= MAX_REF_BYTES
                    && Files.readString(ref).strip().equals(commit)) {
                revisions.add(refs().relativize(ref).toString().replace('\\', '/'));
            }
        }
        revisions.sort(null);
        return revisions;
    }

    /** What a file of a snapshot is stored as: what its link says, or itself; not followed further. */
    static Path target(Path file) throws IOException {
        return Files.isSymbolicLink(file)
                ? file.resolveSibling(Files.readSymbolicLink(file)).normalize()
                : file;
    }

    /** Makes a file of a snapshot a link to its blob. */
    void link(String commit, RemoteBlob blob) throws IOException {
        Path file = snapshots().resolve(commit).resolve(blob.path());
        Files.createDirectories(file.getParent());
        Path target = file.getParent().relativize(blob(blob.hash()));
        try {
            Files.createSymbolicLink(file, target);
        } catch (FileAlreadyExistsException e) {
            // Broken, or another pull was faster.
            Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
            Files.createSymbolicLink(temporary, target);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (UnsupportedOperationException e) {
            throw new HubException(cache + " is on a file system without links: set HF_HUB_CACHE to another folder", e);
        }
    }

    /** Notes that a commit has no such file. */
    void markAbsent(String commit, String path) throws IOException {
        Path mark = absentFiles(commit).resolve(path);
        Files.createDirectories(mark.getParent());
        if (!Files.exists(mark)) {
            Files.writeString(mark, "");
        }
    }

    /** Notes the commit of a revision. */
    void point(Revision revision, String commit) throws IOException {
        if (revision.text().equals(commit)) {
            return;
        }
        Path ref = refs().resolve(revision.text());
        Files.createDirectories(ref.getParent());
        Path temporary = ref.resolveSibling(ref.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Files.writeString(temporary, commit, StandardCharsets.US_ASCII);
        Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE);
    }

    static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** All files and links below a folder, links not followed. */
    static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            return entries.filter(entry -> Files.isSymbolicLink(entry) || Files.isRegularFile(entry))
                    .sorted()
                    .toList();
        }
    }
}
