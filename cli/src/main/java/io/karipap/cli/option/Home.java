package io.karipap.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies; the launcher tells. */
public final class Home {
    private Home() {}

    private static Path root() {
        String home = System.getProperty("karipap.home");
        if (home == null) {
            throw new IllegalStateException("this command needs the project's folder: start it with ./karipap");
        }
        return Path.of(home);
    }

    /** The bundled dense model. */
    public static Path denseModel() {
        Path model = root().resolve("compressor/models/tales");
        if (!Files.isDirectory(model)) {
            throw new IllegalStateException(model + ": the bundled model is missing; is the checkout complete?");
        }
        return model;
    }

    /** What was made from the project's own files and can be made again. */
    public static Path cache() {
        return root().resolve(".karipap");
    }
}
