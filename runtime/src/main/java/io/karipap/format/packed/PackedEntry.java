package io.karipap.format.packed;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The place for the packed weights of one model.
 *
 * @param file where they are, or will be
 * @param model files of the model
 * @param type type that the weights are rounded to; null for the types that they have
 * @param leastBytes weights that take less are not kept
 */
public record PackedEntry(Path file, List<Path> model, WeightType type, long leastBytes) {
    /** What must be left on the disk. */
    private static final long SPARE_BYTES = 64L << 20;

    /**
     * The weights, mapped, if they are there and sound.
     *
     * @param memory whose they become
     * @param team who checks them
     * @param notice hears, in a sentence, why a file that is there is not used
     */
    public Optional<PackedWeights> open(WeightMemory memory, WorkerTeam team, Consumer<String> notice) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(PackedWeights.open(file, PackedKey.of(model, type), memory, team));
        } catch (PackedFormatException e) {
            notice.accept(file + " " + e.getMessage() + ": the weights are packed again");
        } catch (IOException e) {
            notice.accept(file + " cannot be read (" + reason(e) + "): the weights are packed again");
        }
        return Optional.empty();
    }

    /**
     * Keeps weights, if they are worth it: beside their place first, then moved there.
     *
     * @param progress hears how many bytes are written
     * @param notice hears, in a sentence, why they cannot be kept; the model works without
     */
    public void write(Map<String, PackedMatrix> weights, LongConsumer progress, Consumer<String> notice) {
        long bytes = weights.values().stream()
                .mapToLong(weight -> weight.data().byteSize())
                .sum();
        if (bytes < leastBytes) {
            return;
        }
        Path temporary =
                file.resolveSibling("." + file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            Files.createDirectories(file.getParent());
            long usable = Files.getFileStore(file.getParent()).getUsableSpace();
            if (usable < bytes + SPARE_BYTES) {
                notice.accept(String.format(
                        Locale.ROOT,
                        "the packed weights are not kept: %s has %,d MB left, and they take %,d MB",
                        file.getParent(),
                        usable / 1_000_000,
                        bytes / 1_000_000));
                return;
            }
            try {
                PackedFileWriter.write(temporary, PackedKey.of(model, type), weights, progress);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            notice.accept("the packed weights are not kept: " + file + " cannot be written (" + reason(e) + ")");
        }
    }

    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? name : name + ": " + e.getMessage();
    }
}
