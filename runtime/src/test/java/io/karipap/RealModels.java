package io.karipap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Pretrained models in a cache folder: KARIPAP_MODELS, or ~/.cache/karipap/real. */
public final class RealModels {
    private RealModels() {}

    /** The file {@code name}; the calling test is skipped where it is absent. */
    public static Path require(String name) {
        String folder = System.getenv("KARIPAP_MODELS");
        Path file = (folder == null ? Path.of(System.getProperty("user.home"), ".cache/karipap/real") : Path.of(folder))
                .resolve(name);
        assumeTrue(Files.exists(file), "skipped: " + file + " is not there (KARIPAP_MODELS names the folder)");
        return file;
    }
}
