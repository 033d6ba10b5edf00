package io.karipap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Test data: what lies beside the project may be absent, what belongs to it may not. */
public final class SharedFiles {
    /** The bundled dense model. */
    public static final Path TALES = Path.of("../compressor/models/tales");

    private SharedFiles() {}

    /** The path of {@code name}; the calling test is skipped where it is absent. */
    public static Path require(String name) {
        Path path = Path.of("../../shared").resolve(name);
        assumeTrue(Files.exists(path), "skipped: shared/" + name + " is not there");
        return path;
    }
}
