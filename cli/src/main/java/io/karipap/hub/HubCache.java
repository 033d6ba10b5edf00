package io.karipap.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cache of models that programs share. */
public final class HubCache {
    private static final String TAG = "CACHEDIR.TAG";
    private static final String TAG_TEXT = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This folder is a cache of models that can be loaded again.
            """;

    private final Path root;

    public HubCache(Path root) {
        this.root = root;
    }

    CachedRepository repository(RepositoryName name) {
        return new CachedRepository(root, name);
    }

    /** Everything that is there, by name and commit. */
    public List<Snapshot> snapshots() throws IOException {
        List<Snapshot> all = new ArrayList<>();
        for (String folder : CachedRepository.names(root)) {
            Optional<RepositoryName> name = RepositoryName.ofFolder(folder);
            if (name.isPresent()) {
                all.addAll(repository(name.get()).snapshots(Optional.empty()));
            }
        }
        return all;
    }

    /** Makes the folders of a repository; programs that make backups know by a tag that the whole is a cache. */
    CachedRepository create(RepositoryName name) throws IOException {
        CachedRepository repository = repository(name);
        Files.createDirectories(repository.blobs());
        Files.createDirectories(repository.refs());
        Files.createDirectories(repository.snapshots());
        if (!Files.exists(root.resolve(TAG))) {
            Files.writeString(root.resolve(TAG), TAG_TEXT);
        }
        return repository;
    }
}
