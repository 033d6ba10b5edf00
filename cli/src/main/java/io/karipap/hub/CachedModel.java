package io.karipap.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds a model that was pulled. Never asks the network. */
public final class CachedModel {
    private CachedModel() {}

    /**
     * Where the model is that a user names: a path that exists, or one in the cache. What can be no name of a repository is taken as
     * a path, whether it exists or not.
     *
     * @param text a path, or {@code owner/repo[:file or quant][@revision]}
     * @return a Hugging Face directory or a GGUF file (the first of its shards)
     * @throws HubException if the model is not in the cache; the message names the command that gets it
     */
    public static Path resolve(String text) throws IOException {
        Optional<Path> path = path(text);
        if (path.isPresent() && Files.exists(path.get())) {
            return path.get();
        }
        return resolve(text, HubSettings.ofProcess());
    }

    static Path resolve(String text, HubSettings settings) throws IOException {
        Optional<Path> path = path(text);
        if (path.isPresent() && Files.exists(path.get())) {
            return path.get();
        }
        Optional<ModelReference> reference = ModelReference.tryParse(text);
        Optional<Path> found = reference.isPresent() ? find(reference.get(), settings) : Optional.empty();
        if (found.isPresent()) {
            return found.get();
        }
        if (path.isPresent()
                && (reference.isEmpty() || !reference.get().repository().hasOwner())) {
            return path.get();
        }
        throw new HubException(text + " is no file or folder here and no model in " + settings.cache()
                + "; this gets it: ./karipap pull " + text);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * The model in the cache, if the revision is there.
     *
     * @throws HubException if it is there in part only, or if there are several
     */
    static Optional<Path> find(ModelReference reference, HubSettings settings) throws IOException {
        CachedRepository repository = new HubCache(settings.cache()).repository(reference.repository());
        List<Snapshot> snapshots = repository.snapshots(Optional.of(reference.revisionOrMain()));
        if (!snapshots.isEmpty()) {
            return Optional.of(find(reference, snapshots.getFirst()));
        }
        List<Snapshot> others = repository.snapshots(Optional.empty());
        if (others.isEmpty()) {
            return Optional.empty();
        }
        throw new HubException("the cache has " + reference.repository() + " at "
                + others.stream().map(Snapshot::revision).collect(Collectors.joining(", ")) + ", not at "
                + reference.revisionOrMain() + ": say @REVISION, or ./karipap pull " + reference);
    }

    private static Path find(ModelReference reference, Snapshot snapshot) throws IOException {
        List<RepositoryFile> files = snapshot.files();
        if (reference.selector().isEmpty() && SafetensorsFiles.isModel(files)) {
            requireComplete(reference, snapshot);
            return snapshot.folder();
        }
        Optional<RepositoryFile> named = reference.selector().flatMap(path -> RepositoryListing.find(files, path));
        List<GgufModel> models = GgufModel.of(files);
        if (named.isPresent()) {
            Optional<GgufModel> model = GgufModel.with(models, named.get().path());
            RepositoryFile first =
                    model.isPresent() ? model.get().complete().files().getFirst() : named.get();
            return snapshot.folder().resolve(first.path());
        }
        if (models.isEmpty()) {
            throw incomplete(reference, "no weights");
        }
        GgufModel model;
        try {
            model = GgufChoice.of(models, reference);
        } catch (HubException e) {
            throw new HubException("in the cache, " + e.getMessage()
                    + reference
                            .selector()
                            .map(s -> "; this gets it: ./karipap pull " + reference)
                            .orElse(""));
        }
        return snapshot.folder().resolve(model.files().getFirst().path());
    }

    private static void requireComplete(ModelReference reference, Snapshot snapshot) throws IOException {
        List<RepositoryFile> files = snapshot.files();
        if (RepositoryListing.find(files, SafetensorsFiles.INDEX).isPresent()) {
            byte[] index = Files.readAllBytes(snapshot.folder().resolve(SafetensorsFiles.INDEX));
            for (String shard : SafetensorsFiles.shards(index)) {
                if (RepositoryListing.find(files, shard).isEmpty()) {
                    throw incomplete(reference, "no " + shard);
                }
            }
        }
        if (!SafetensorsFiles.hasVocabulary(files)) {
            throw incomplete(reference, "no tokenizer");
        }
    }

    private static HubException incomplete(ModelReference reference, String what) {
        return new HubException("the cache has only a part of " + reference.repository() + " (" + what
                + "); this gets the rest: ./karipap pull " + reference);
    }
}
