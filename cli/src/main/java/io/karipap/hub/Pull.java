package io.karipap.hub;

import java.io.IOException;
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
            CachedRepository repository = new HubCache(settings.cache()).create(reference.repository());
            SnapshotTransfer transfer = new SnapshotTransfer(client, repository, listing.commit(), disk, progress);
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
    private static List<RepositoryFile> choose(
            ModelReference reference, RepositoryListing listing, SnapshotTransfer transfer) throws IOException {
        List<RepositoryFile> chosen = new ArrayList<>(chosen(reference, listing, transfer));
        chosen.sort(Comparator.comparing(SnapshotTransfer::isWeights).thenComparing(RepositoryFile::path));
        return chosen;
    }

    private static List<RepositoryFile> chosen(
            ModelReference reference, RepositoryListing listing, SnapshotTransfer transfer) throws IOException {
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

    private Path model(ModelReference reference, SnapshotTransfer transfer, List<RepositoryFile> chosen) {
        boolean directory = reference.selector().isEmpty() && SafetensorsFiles.isModel(chosen);
        Path snapshot = transfer.snapshot();
        return directory ? snapshot : snapshot.resolve(chosen.getFirst().path());
    }
}
