package io.karipap.environment;

import io.karipap.linalg.Matrix;
import io.karipap.operator.LowRank;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Intermediate results of a compression in a directory of their own, named by what they were computed from: moments and factors. A
 * file appears whole or not at all, so a run that was killed goes on where it stopped, and another size of the same model starts from
 * here.
 */
public final class WorkFiles {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path directory;
    private final Map<String, Double> numbers = new HashMap<>();

    /**
     * @param directory made if there is none
     */
    public WorkFiles(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Whether something is stored under {@code name}. */
    public boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    /** The doubles stored under {@code name}, or those of {@code compute}, which then are stored. */
    public double[] get(String name, Supplier<double[]> compute) {
        try {
            if (has(name)) {
                return read(name);
            }
            double[] values = compute.get();
            write(name, values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep " + directory.resolve(name), e);
        }
    }

    /** As {@link #get}, of a single number; it is asked for again and again, so it is read once. */
    public double number(String name, DoubleSupplier compute) {
        Double known = numbers.get(name);
        if (known == null) {
            known = get(name, () -> new double[] {compute.getAsDouble()})[0];
            numbers.put(name, known);
        }
        return known;
    }

    /** A low rank under {@code name}, or that of {@code compute}, which then is stored. */
    public LowRank lowRank(String name, int m, int n, Supplier<LowRank> compute) {
        int k = Math.min(m, n);
        double[] all = get(name, () -> {
            LowRank lowRank = compute.get();
            double[] data = new double[k + m * k + k * n];
            System.arraycopy(lowRank.energies(), 0, data, 0, k);
            System.arraycopy(lowRank.left().data(), 0, data, k, m * k);
            System.arraycopy(lowRank.right().data(), 0, data, k + m * k, k * n);
            return data;
        });
        double[] energies = new double[k];
        Matrix left = Matrix.zeros(m, k);
        Matrix right = Matrix.zeros(k, n);
        System.arraycopy(all, 0, energies, 0, k);
        System.arraycopy(all, k, left.data(), 0, m * k);
        System.arraycopy(all, k + m * k, right.data(), 0, k * n);
        return new LowRank(left, right, energies);
    }

    private double[] read(String name) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
            MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            double[] values = new double[Math.toIntExact(data.byteSize() / 8)];
            MemorySegment.copy(data, DOUBLE, 0, values, 0, values.length);
            return values;
        }
    }

    private void write(String name, double[] values) throws IOException {
        Path temporary = directory.resolve("." + name + "." + Long.toHexString(System.nanoTime()));
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < values.length; ) {
                buffer.clear();
                while (i < values.length && buffer.hasRemaining()) {
                    buffer.putDouble(values[i++]);
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
