package io.karipap.cli.option;

import io.karipap.directory.AtomicDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that is gone when it is closed, with everything in it. */
public record TemporaryDirectory(Path path) implements AutoCloseable {
    public static TemporaryDirectory create() throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory("karipap-"));
    }

    @Override
    public void close() throws IOException {
        AtomicDirectory.delete(path);
    }
}
