package io.karipap.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Test data that lies beside the project and may be absent. */
final class SharedFiles {
    private SharedFiles() {}

    /** The path of {@code name}; the calling test is skipped where it is absent. */
    static Path require(String name) {
        Path path = Path.of("../../shared").resolve(name);
        assumeTrue(Files.exists(path), "skipped: shared/" + name + " is not there");
        return path;
    }

    /** The path of {@code name} among the real models; the calling test is skipped where it is absent. */
    static Path requireReal(String name) {
        String folder = System.getenv("KARIPAP_MODELS");
        Path path = (folder == null ? Path.of(System.getProperty("user.home"), ".cache/karipap/real") : Path.of(folder))
                .resolve(name);
        assumeTrue(Files.exists(path), () -> "skipped: " + path + " is not there (real model; golden_ids.py says whence)");
        return path;
    }
}
