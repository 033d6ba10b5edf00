package io.karipap.cli.option;

import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory that the weights of a model need.
 *
 * @param bytes of all weights, packed
 */
record MemoryNeed(long bytes) {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path GROUP = Path.of("/sys/fs/cgroup");

    /**
     * What the model at {@code path} needs.
     *
     * @param weights type that matrices are rounded to; absent where they stay as they are in the file
     */
    static MemoryNeed of(Path path, Optional<WeightType> weights) throws IOException {
        ModelSource source = ModelSource.of(path);
        long bytes = 0;
        try (TensorStore store = ModelLoader.open(source, ModelLoader.readConfig(source))) {
            for (Tensor tensor : store.tensors().values()) {
                WeightType type = tensor.shape().size() < 2 ? WeightType.F32 : weights.orElse(tensor.type());
                int columns = Math.max(1, tensor.columns());
                bytes += tensor.elements() / columns * type.rowBytes(columns);
            }
        }
        return new MemoryNeed(bytes);
    }

    /** @throws IllegalStateException if the machine has less; the message says what to do */
    void check(String model) {
        check(model, available());
    }

    void check(String model, OptionalLong available) {
        if (available.isPresent() && bytes > available.getAsLong()) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s needs %,d MB for its weights, and the machine has %,d MB left: try --weights Q8 or --weights Q4,"
                            + " or end what else is running",
                    model,
                    bytes / 1_000_000 + 1,
                    available.getAsLong() / 1_000_000));
        }
    }

    /** What Linux has for a new process, within the limit of a container; absent on other systems. */
    private static OptionalLong available() {
        try {
            long machine = Long.MAX_VALUE;
            if (Files.isReadable(MEMORY)) {
                for (String line : Files.readAllLines(MEMORY)) {
                    if (line.startsWith("MemAvailable:")) {
                        machine = Long.parseLong(line.replaceAll("\\D", "")) << 10;
                    }
                }
            }
            long group = limit(GROUP.resolve("memory.max"));
            if (group < Long.MAX_VALUE) {
                machine = Math.min(machine, group - Math.min(group, limit(GROUP.resolve("memory.current"))));
            }
            return machine == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(machine);
        } catch (IOException | NumberFormatException e) {
            return OptionalLong
                    .empty(); // the kernel says it in another way: the system itself refuses what does not fit
        }
    }

    /** The number in a file; the largest where there is none or it says "max". */
    private static long limit(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return Long.MAX_VALUE;
        }
        String text = Files.readString(file).strip();
        return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
