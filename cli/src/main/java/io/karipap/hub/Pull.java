package io.karipap.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Brings a model into the cache. The blobs come first; only when all are there the snapshot gets its files and the revision its
 * commit, so that others see the model whole or not at all.
 */
public final class Pull {
    private static final long MAX_METADATA_BYTES = 256L << 20;

    private final HubSettings settings;
    private final RetryPolicy policy;
    private final DiskSpace disk;
    private final TransferProgress progress;

    public Pull(HubSettings settings, RetryPolicy policy, DiskSpace disk, TransferProgress progress) {
        this.settings = settings;
        this.policy = policy;
        this.disk = disk;
        this.progress = progress;
    }

    /**
     * @throws HubException if the model cannot be had; what has come is kept for the next time
     */
    public PulledModel run(ModelReference reference) throws IOException {
        if (settings.offline()) {
            return offline(reference);
        }
        try (HubClient client = new HubClient(settings, reference, policy, progress)) {
            RepositoryListing listing = client.listing();
            Transfer transfer = new Transfer(
                    client, new HubCache(settings.cache()).create(reference.repository()), listing.commit());
            List<RepositoryFile> chosen = choose(reference, listing, transfer);
            List<RemoteBlob> missing = transfer.missing(chosen);
            transfer.requireSpace(missing);
            long loaded = 0;
            for (RemoteBlob blob : missing) {
                loaded += transfer.bring(blob);
            }
            transfer.finish(reference.revisionOrMain(), missing, listing);
            return new PulledModel(
                    model(reference, transfer, chosen), listing.commit(), transfer.bytes(chosen), loaded);
        }
    }

    private PulledModel offline(ModelReference reference) throws IOException {
        Path path = CachedModel.find(reference, settings)
                .orElseThrow(() -> new HubException("HF_HUB_OFFLINE is set and " + reference + " is not in "
                        + settings.cache() + ": unset it to pull"));
        CachedRepository repository = new HubCache(settings.cache()).repository(reference.repository());
        Snapshot snapshot =
                repository.snapshots(Optional.of(reference.revisionOrMain())).getFirst();
        return new PulledModel(path, snapshot.commit(), snapshot.bytes(), 0);
    }

    /** What to take, the small files first. */
    private static List<RepositoryFile> choose(ModelReference reference, RepositoryListing listing, Transfer transfer)
            throws IOException {
        List<RepositoryFile> chosen = new ArrayList<>(chosen(reference, listing, transfer));
        chosen.sort(Comparator.comparing(Pull::isWeights).thenComparing(RepositoryFile::path));
        return chosen;
    }

    private static List<RepositoryFile> chosen(ModelReference reference, RepositoryListing listing, Transfer transfer)
            throws IOException {
        List<RepositoryFile> files = listing.files();
        List<GgufModel> models = GgufModel.of(files);
        Optional<RepositoryFile> named = reference.selector().flatMap(listing::file);
        if (named.isPresent()) {
            Optional<GgufModel> model = GgufModel.with(models, named.get().path());
            return model.isPresent() ? model.get().complete().files() : List.of(named.get());
        }
        if (reference.selector().isEmpty() && SafetensorsFiles.isModel(files)) {
            Optional<RepositoryFile> index = listing.file(SafetensorsFiles.INDEX);
            return SafetensorsFiles.choose(
                    files, index.isPresent() ? Optional.of(transfer.read(index.get())) : Optional.empty());
        }
        if (models.isEmpty()) {
            throw new HubException(
                    reference.repository()
                            + reference
                                    .selector()
                                    .map(selector ->
                                            " has no file \"" + selector + "\" and no GGUF models to choose from")
                                    .orElse(
                                            " has no model.safetensors and no GGUF file, so there is nothing that Karipap reads"));
        }
        return GgufChoice.of(models, reference).files();
    }

    private static boolean isWeights(RepositoryFile file) {
        return file.path().endsWith(".safetensors") || file.path().endsWith(".gguf");
    }

    private Path model(ModelReference reference, Transfer transfer, List<RepositoryFile> chosen) {
        boolean directory = reference.selector().isEmpty() && SafetensorsFiles.isModel(chosen);
        Path snapshot = transfer.snapshot();
        return directory ? snapshot : snapshot.resolve(chosen.getFirst().path());
    }

    /** Brings the files of one commit. */
    private final class Transfer {
        private final HubClient client;
        private final CachedRepository repository;
        private final String commit;

        private Transfer(HubClient client, CachedRepository repository, String commit) {
            this.client = client;
            this.repository = repository;
            this.commit = commit;
        }

        private Path snapshot() {
            return repository.snapshots().resolve(commit);
        }

        /** The content of a small file. */
        private byte[] read(RepositoryFile file) throws IOException {
            Path there = snapshot().resolve(file.path());
            if (Files.isRegularFile(there)) {
                return Files.readAllBytes(there);
            }
            RemoteBlob blob = describe(file);
            requireSpace(List.of(blob));
            bring(blob);
            return Files.readAllBytes(repository.blob(blob.hash()));
        }

        private RemoteBlob describe(RepositoryFile file) throws IOException {
            RemoteBlob blob = client.describe(commit, file);
            if (!isWeights(file) && blob.bytes() > MAX_METADATA_BYTES) {
                throw new HubException(file.path() + " has " + ByteCount.text(blob.bytes()) + ", more than the "
                        + ByteCount.text(MAX_METADATA_BYTES) + " that a file without weights may have");
            }
            return blob;
        }

        /** What the snapshot lacks. */
        private List<RemoteBlob> missing(List<RepositoryFile> files) throws IOException {
            List<RemoteBlob> missing = new ArrayList<>();
            for (RepositoryFile file : files) {
                if (!Files.isRegularFile(snapshot().resolve(file.path()))) {
                    missing.add(describe(file));
                }
            }
            return missing;
        }

        private void requireSpace(List<RemoteBlob> blobs) throws IOException {
            long needed = 0;
            for (RemoteBlob blob : blobs) {
                if (!isThere(blob)) {
                    Path incomplete = repository.incomplete(blob.hash());
                    long there = Files.exists(incomplete) ? Files.size(incomplete) : 0;
                    needed = Math.addExact(needed, Math.max(0, blob.bytes() - there));
                }
            }
            long usable = disk.usable(repository.blobs());
            if (needed > usable) {
                throw new HubException(repository.name() + " needs " + ByteCount.text(needed) + " in "
                        + settings.cache() + ", where " + ByteCount.text(usable)
                        + " are free: make room, or set HF_HUB_CACHE to a folder on another disk");
            }
        }

        private boolean isThere(RemoteBlob blob) throws IOException {
            Path file = repository.blob(blob.hash());
            return Files.isRegularFile(file) && Files.size(file) == blob.bytes();
        }

        /** Bytes that came: none if another pull was faster. */
        private long bring(RemoteBlob blob) throws IOException {
            Runnable waiting = () -> progress.note(blob.path() + ": another pull is loading it; waiting");
            try (BlobLock _ = BlobLock.acquire(repository.lock(blob.hash()), waiting)) {
                if (isThere(blob)) {
                    return 0;
                }
                Path incomplete = repository.incomplete(blob.hash());
                long before = Files.exists(incomplete) ? Files.size(incomplete) : 0;
                BlobDownload.run(client, blob, incomplete, repository.blob(blob.hash()), progress);
                return Math.max(0, blob.bytes() - before);
            }
        }

        private void finish(Revision revision, List<RemoteBlob> blobs, RepositoryListing listing) throws IOException {
            for (RemoteBlob blob : blobs) {
                repository.link(commit, blob);
            }
            for (String path : SafetensorsFiles.absent(listing.files())) {
                repository.markAbsent(commit, path);
            }
            repository.point(revision, commit);
        }

        private long bytes(List<RepositoryFile> files) throws IOException {
            long bytes = 0;
            for (RepositoryFile file : files) {
                bytes += Files.size(snapshot().resolve(file.path()));
            }
            return bytes;
        }
    }
}
