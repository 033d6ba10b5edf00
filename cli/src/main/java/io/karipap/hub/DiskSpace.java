package io.karipap.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many bytes can be written to a folder. */
@FunctionalInterface
public interface DiskSpace {
    long usable(Path folder) throws IOException;

    /** What the file system says. */
    DiskSpace OF_FILE_SYSTEM = folder -> Files.getFileStore(folder).getUsableSpace();
}
