package io.karipap.hub;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What goes when a model is removed: in this order, so that what is left is always whole, references to commits, files of snapshots,
 * blobs that nothing else refers to, and folders that are then empty.
 */
public final class CacheRemoval {
    private final List<Path> folders;
    private final List<Path> files;
    private final long bytes;

    private CacheRemoval(List<Path> folders, List<Path> files, long bytes) {
        this.folders = folders;
        this.files = files;
        this.bytes = bytes;
    }

    /**
     * Plans the removal of a repository, of one revision, or of one file or quantisation.
     *
     * @throws HubException if it is not there
     */
    public static CacheRemoval of(ModelReference reference, Path cache) throws IOException {
        CachedRepository repository = new HubCache(cache).repository(reference.repository());
        if (!Files.isDirectory(repository.folder())) {
            throw missing(reference, cache);
        }
        if (reference.selector().isEmpty() && reference.revision().isEmpty()) {
            return whole(repository);
        }
        List<Snapshot> snapshots = repository.snapshots(reference.revision());
        Set<Path> removed = new LinkedHashSet<>();
        Set<String> emptied = new TreeSet<>();
        for (Snapshot snapshot : snapshots) {
            List<Path> all = CachedRepository.filesBelow(snapshot.folder());
            List<Path> chosen = reference.selector().isEmpty() ? all : selected(reference, snapshot);
            removed.addAll(chosen);
            if (chosen.size() == all.size()) {
                emptied.add(snapshot.commit());
            }
        }
        if (removed.isEmpty() && emptied.isEmpty()) {
            throw missing(reference, cache);
        }
        return parts(repository, removed, emptied);
    }

    private static HubException missing(ModelReference reference, Path cache) {
        return new HubException(reference + " is not in " + cache + ": ./karipap list shows what is");
    }

    private static CacheRemoval whole(CachedRepository repository) throws IOException {
        long bytes = 0;
        for (Path file : CachedRepository.filesBelow(repository.folder())) {
            bytes += size(file);
        }
        return new CacheRemoval(List.of(repository.folder(), repository.locks()), List.of(), bytes);
    }

    /** Files of a snapshot that a selector means. */
    private static List<Path> selected(ModelReference reference, Snapshot snapshot) throws IOException {
        String selector = reference.selector().orElseThrow();
        Optional<RepositoryFile> named = RepositoryListing.find(snapshot.files(), selector);
        List<GgufModel> models =
                named.isPresent() ? List.of() : GgufChoice.matching(GgufModel.of(snapshot.files()), selector);
        if (models.size() > 1) {
            GgufChoice.of(models, reference); // says what there is to choose from
        }
        List<RepositoryFile> files = named.isPresent()
                ? List.of(named.get())
                : models.stream().flatMap(model -> model.files().stream()).toList();
        return files.stream()
                .map(file -> snapshot.folder().resolve(file.path()))
                .toList();
    }

    private static CacheRemoval parts(CachedRepository repository, Set<Path> removed, Set<String> emptied)
            throws IOException {
        Set<Path> kept = new HashSet<>();
        for (Path file : CachedRepository.filesBelow(repository.snapshots())) {
            if (!removed.contains(file)) {
                kept.add(CachedRepository.target(file));
            }
        }
        Set<Path> files = new LinkedHashSet<>();
        for (String commit : emptied) {
            for (Snapshot snapshot : repository.snapshots(Optional.of(new Revision(commit)))) {
                snapshot.revisions().forEach(ref -> files.add(repository.refs().resolve(ref)));
            }
        }
        files.addAll(removed);
        long bytes = 0;
        Set<Path> blobs = new LinkedHashSet<>();
        for (Path file : removed) {
            Path blob = CachedRepository.target(file);
            // A link may say anything; what is not ours stays.
            boolean ours = blob.startsWith(repository.blobs()) || blob.equals(file);
            if (ours && !kept.contains(blob) && blobs.add(blob)) {
                bytes += size(blob);
            }
        }
        files.addAll(blobs);
        List<Path> folders = new ArrayList<>();
        for (String commit : emptied) {
            folders.add(repository.snapshots().resolve(commit));
            folders.add(repository.absentFiles(commit));
        }
        return new CacheRemoval(folders, List.copyOf(files), bytes);
    }

    /** Bytes that are freed with a file: none with a link. */
    private static long size(Path file) throws IOException {
        return Files.isSymbolicLink(file) || !Files.isRegularFile(file) ? 0 : Files.size(file);
    }

    /** How many bytes become free. */
    public long bytes() {
        return bytes;
    }

    /** Does it. */
    public void run() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        for (Path folder : folders) {
            removeAll(folder);
        }
        for (Path file : files) {
            removeIfEmpty(file.getParent());
        }
    }

    private static void removeAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> entries = Files.walk(folder)) { // links are not followed
            all = entries.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        if (name.equals("blobs") || name.equals("refs") || !Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            // Something else is in it.
        }
    }
}
