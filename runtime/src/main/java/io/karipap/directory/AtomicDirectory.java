package io.karipap.directory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is filled beside its place and moved there when it is complete; given up, it leaves nothing. */
public final class AtomicDirectory implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final boolean overwrite;
    private boolean committed;

    private AtomicDirectory(Path target, Path temporary, boolean overwrite) {
        this.target = target;
        this.temporary = temporary;
        this.overwrite = overwrite;
    }

    /** @throws FileAlreadyExistsException if {@code target} exists and may not be overwritten */
    public static AtomicDirectory create(Path target, boolean overwrite) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !overwrite) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "exists already; choose another output or allow overwriting");
        }
        Files.createDirectories(absolute.getParent());
        Path temporary = Files.createDirectory(beside(absolute, ".tmp"));
        return new AtomicDirectory(absolute, temporary, overwrite);
    }

    /** Where to write. */
    public Path path() {
        return temporary;
    }

    /** Moves everything into place. */
    public void commit() throws IOException {
        if (overwrite && Files.exists(target)) {
            Path old = beside(target, ".old");
            Files.move(target, old);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            delete(old);
        } else {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        }
        committed = true;
    }

    /** A hidden name in the same folder, so that a move is a rename. */
    private static Path beside(Path path, String suffix) {
        return path.resolveSibling("." + path.getFileName() + "." + Long.toHexString(System.nanoTime()) + suffix);
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            delete(temporary);
        }
    }

    /** Deletes a directory with all that is in it, if it is there. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
