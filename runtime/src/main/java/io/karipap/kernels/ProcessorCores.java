package io.karipap.kernels;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Counts what can compute: the hardware threads of one core share its multiply-add units, so that more threads than cores only wait. */
public final class ProcessorCores {
    private static final Path LINUX_TOPOLOGY = Path.of("/sys/devices/system/cpu");

    private ProcessorCores() {}

    /** The number of threads asked for, or for 0 {@link #count()}. */
    public static int orAll(int threads) {
        return threads > 0 ? threads : count();
    }

    /** Physical cores that this JVM may use; all processors, where the system does not tell which of them share a core. */
    public static int count() {
        int processors = Runtime.getRuntime().availableProcessors();
        Set<String> cores = new HashSet<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(LINUX_TOPOLOGY, "cpu[0-9]*")) {
            for (Path directory : directories) {
                Path siblings = directory.resolve("topology/thread_siblings_list");
                if (Files.isReadable(siblings)) {
                    cores.add(Files.readString(siblings).strip());
                }
            }
        } catch (IOException e) {
            return processors;
        }
        return cores.isEmpty() ? processors : Math.min(processors, cores.size());
    }
}
