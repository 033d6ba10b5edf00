package io.karipap.format.packed;

import io.karipap.format.ModelSource;
import io.karipap.kernels.WeightType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A folder of packed weights, one file for every model and type that it was loaded with.
 *
 * @param folder made when something is written
 * @param leastBytes weights that take less are not kept: they are packed in no time
 */
public record PackedCache(Path folder, long leastBytes) {
    /** How names of files end. */
    public static final String SUFFIX = ".packed";

    private static final long LEAST_BYTES = 32L << 20;

    /** A folder that keeps what takes noticeable time to pack. */
    public PackedCache(Path folder) {
        this(folder, LEAST_BYTES);
    }

    /**
     * Where the weights of a model are kept.
     *
     * @param type type that they are rounded to; null for the types that they have
     * @return empty for a model that is in no files of its own
     */
    public Optional<PackedEntry> entry(ModelSource source, WeightType type) {
        List<Path> files = source.files();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        // By place: a model that has changed, or a new version of this program, replaces what it finds.
        CRC32C place = new CRC32C();
        place.update(files.getFirst().toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
        String name = String.format(
                "%s%s-%08x%s", source.modelName(), type == null ? "" : "-" + type, place.getValue(), SUFFIX);
        return Optional.of(new PackedEntry(folder.resolve(name), files, type, leastBytes));
    }
}
