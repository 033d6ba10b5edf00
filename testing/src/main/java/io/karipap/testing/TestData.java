package io.karipap.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that tests read: the model that belongs to the project, and what {@code ./karipap test-data} brings into a folder outside of it,
 * which is {@code $KARIPAP_TEST_DATA} or {@code ~/.cache/karipap/test-data}.
 */
public final class TestData {
    /** The dense model of the project. */
    public static final Path TALES = Path.of("../compressor/models/tales");

    private static final Path FOLDER = folder();

    private TestData() {}

    private static Path folder() {
        String given = System.getenv("KARIPAP_TEST_DATA");
        return given == null || given.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "karipap", "test-data")
                : Path.of(given);
    }

    /** Where {@code name} is or would be, for example {@code data/corpora/novels}. */
    public static Path path(String name) {
        return FOLDER.resolve(name);
    }

    /** The path of {@code name}; the calling test is skipped where it is absent. */
    public static Path require(String name) {
        return require(path(name));
    }

    /** The same {@code path}; the calling test is skipped where it is a path of the folder and absent. */
    public static Path require(Path path) {
        assumeTrue(
                Files.exists(path) || !path.startsWith(FOLDER),
                () -> path + " is not there: run './karipap test-data " + FOLDER.relativize(path) + "'");
        return path;
    }
}
