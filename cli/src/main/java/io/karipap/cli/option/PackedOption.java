package io.karipap.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where packed weights are kept. */
public final class PackedOption {
    private static final String NONE = "none";
    private static final String VARIABLE = "KARIPAP_PACKED";

    @Option(
            names = "--packed",
            paramLabel = "DIR|none",
            description =
                    "Folder that keeps the packed weights of models from 32 MiB on, so that the next start is faster; none keeps nothing. "
                            + "Files in it may be deleted at any time. Default: KARIPAP_PACKED, else ~/.cache/karipap/packed.")
    private String folder;

    /** The folder; absent if nothing is kept. */
    public Optional<Path> folder() {
        return folder(folder != null ? folder : System.getenv(VARIABLE));
    }

    private static Optional<Path> folder(String chosen) {
        if (chosen == null || chosen.isEmpty()) {
            return Optional.of(Path.of(System.getProperty("user.home"), ".cache", "karipap", "packed"));
        }
        return chosen.equals(NONE) ? Optional.empty() : Optional.of(Path.of(chosen));
    }
}
