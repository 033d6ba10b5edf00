package io.karipap.hub;

import java.nio.file.Path;

/**
 * A model that is in the cache after a pull.
 *
 * @param path a Hugging Face directory, a GGUF file (the first of its shards), or the file that was asked for
 * @param commit the commit of the repository
 * @param bytes of the model's files
 * @param loadedBytes how many of them this pull brought
 */
public record PulledModel(Path path, String commit, long bytes, long loadedBytes) {}
