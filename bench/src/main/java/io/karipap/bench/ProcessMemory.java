package io.karipap.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Resident memory of this process, where the system tells. */
public final class ProcessMemory {
    private static final Path LINUX_STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /** Largest resident size so far, in bytes. */
    public static OptionalLong peak() {
        return field("VmHWM:");
    }

    /** Resident size now, in bytes. */
    public static OptionalLong current() {
        return field("VmRSS:");
    }

    /** How much of it are pages of files, such as mapped weights: shared with other processes, and given up when memory is short. */
    public static OptionalLong ofFiles() {
        return field("RssFile:");
    }

    private static OptionalLong field(String name) {
        try {
            for (String line : Files.readAllLines(LINUX_STATUS)) {
                if (line.startsWith(name)) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024);
                }
            }
        } catch (IOException e) {
            // not Linux
        }
        return OptionalLong.empty();
    }
}
