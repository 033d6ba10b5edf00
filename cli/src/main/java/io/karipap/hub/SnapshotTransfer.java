package io.karipap.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Brings the files of one commit of a repository into the cache. */
final class SnapshotTransfer {
    private static final long MAX_METADATA_BYTES = 256L << 20;

    private final HubClient client;
    private final CachedRepository repository;
    private final String commit;
    private final DiskSpace disk;
    private final TransferProgress progress;

    SnapshotTransfer(
            HubClient client, CachedRepository repository, String commit, DiskSpace disk, TransferProgress progress) {
        this.client = client;
        this.repository = repository;
        this.commit = commit;
        this.disk = disk;
        this.progress = progress;
    }

    Path snapshot() {
        return repository.snapshots().resolve(commit);
    }

    /** The content of a small file. */
    byte[] read(RepositoryFile file) throws IOException {
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
    List<RemoteBlob> missing(List<RepositoryFile> files) throws IOException {
        List<RemoteBlob> missing = new ArrayList<>();
        for (RepositoryFile file : files) {
            if (!Files.isRegularFile(snapshot().resolve(file.path()))) {
                missing.add(describe(file));
            }
        }
        return missing;
    }

    void requireSpace(List<RemoteBlob> blobs) throws IOException {
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
                    + repository.blobs() + ", where " + ByteCount.text(usable)
                    + " are free: make room, or set HF_HUB_CACHE to a folder on another disk");
        }
    }

    private boolean isThere(RemoteBlob blob) throws IOException {
        Path file = repository.blob(blob.hash());
        return Files.isRegularFile(file) && Files.size(file) == blob.bytes();
    }

    /** Bytes that came: none if another pull was faster. */
    long bring(RemoteBlob blob) throws IOException {
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

    void finish(Revision revision, List<RemoteBlob> blobs, RepositoryListing listing) throws IOException {
        for (RemoteBlob blob : blobs) {
            repository.link(commit, blob);
        }
        for (String path : SafetensorsFiles.absent(listing.files())) {
            repository.markAbsent(commit, path);
        }
        repository.point(revision, commit);
    }

    long bytes(List<RepositoryFile> files) throws IOException {
        long bytes = 0;
        for (RepositoryFile file : files) {
            bytes += Files.size(snapshot().resolve(file.path()));
        }
        return bytes;
    }

    static boolean isWeights(RepositoryFile file) {
        return file.path().endsWith(".safetensors") || file.path().endsWith(".gguf");
    }
}
