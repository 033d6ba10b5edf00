package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.model.ModelLoader;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.TokenizerException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated GGUF files end with one sentence that names the file, or are read; with bounded memory and time. {@code -Dkaripap.fuzz=100000}
 * runs that many instead of some thousand.
 */
class GgufFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("karipap.fuzz", 4_000);
    private static final long MOST_BYTES = 64L << 20;
    private static final Duration LONGEST =
            Duration.ofSeconds(20); // the machine may be busy; a runaway would take hours
    private static final long[] NUMBERS = {
        -1,
        0,
        1,
        2,
        31,
        33,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 40,
        12
    };

    @TempDir
    private Path directory;

    private int refused;
    private int read;
    private int loaded;

    @Test
    void mutatedFilesAreRefusedInOneSentenceOrRead() throws IOException {
        byte[][] sound = {
            SmallGguf.llama(),
            SmallGguf.metadata("gemma3")
                    .floats("token_embd.weight", 0, 260, 64)
                    .floats("blk.0.attn_norm.weight", 0, 64)
                    .build(),
            SmallGguf.metadata("llama")
                    .put("llama.rope.scaling.factor", 2f)
                    .put("split.no", 0)
                    .floats("token_embd.weight", 0, 260, 64)
                    .floats("rope_freqs.weight", 1, 1)
                    .build()
        };
        SplittableRandom random = new SplittableRandom(18);
        Path file = directory.resolve("fuzzed.gguf");
        com.sun.management.ThreadMXBean memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long mostBytes = 0;
        long mostNanos = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Files.write(file, mutated(sound[random.nextInt(sound.length)], random));
            long bytes = memory.getCurrentThreadAllocatedBytes();
            long nanos = System.nanoTime();
            try {
                readAll(file, i);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation " + i, e);
            }
            mostBytes = Math.max(mostBytes, memory.getCurrentThreadAllocatedBytes() - bytes);
            mostNanos = Math.max(mostNanos, System.nanoTime() - nanos);
        }
        System.out.printf(
                "%d mutated GGUF files: %d refused, %d read, %d loaded; at most %d bytes allocated, %d ms%n",
                MUTATIONS, refused, read, loaded, mostBytes, mostNanos / 1_000_000);
        assertThat(mostBytes).isLessThan(MOST_BYTES);
        assertThat(Duration.ofNanos(mostNanos)).isLessThan(LONGEST);
        assertThat(refused).isGreaterThan(MUTATIONS / 4);
        assertThat(read).isGreaterThan(MUTATIONS / 20);
        assertThat(loaded).isPositive();
    }

    private void readAll(Path file, int number) throws IOException {
        try {
            ModelSource source = ModelSource.of(file);
            try (TensorStore store = TensorStore.open(source)) {
                store.tensors().values().forEach(Tensor::toFloats);
            }
            ModelLoader.readConfig(source);
            read++;
            if (number % 8 == 0) {
                ModelLoader.load(source, KernelChoice.of(new ScalarKernels()), 1)
                        .close();
                loaded++;
            }
        } catch (ModelFormatException e) {
            refused++;
            assertThat(e.getMessage()).contains("fuzzed.gguf").hasLineCount(1).hasSizeLessThan(1_000);
        }
        try {
            Tokenizer.load(file).encode("the ");
        } catch (TokenizerException e) {
            assertThat(e.getMessage()).contains("fuzzed.gguf");
        }
    }

    private static byte[] mutated(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        int header = Math.min(bytes.length, 8_000);
        int changes = 1 + random.nextInt(3);
        for (int c = 0; c < changes; c++) {
            int at = random.nextInt(random.nextInt(8) == 0 ? bytes.length : header);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> put(bytes, at, 8, NUMBERS[random.nextInt(NUMBERS.length)]);
                case 3 -> put(bytes, at, 4, NUMBERS[random.nextInt(NUMBERS.length)]);
                case 4 -> put(bytes, random.nextBoolean() ? 8 : 16, 8, NUMBERS[random.nextInt(NUMBERS.length)]);
                default -> {
                    int length = 1 + random.nextInt(64); // a piece stands elsewhere
                    int from = random.nextInt(header - length);
                    System.arraycopy(sound, from, bytes, Math.min(at, bytes.length - length), length);
                }
            }
        }
        return random.nextInt(6) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static void put(byte[] bytes, int at, int count, long value) {
        byte[] number = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        System.arraycopy(number, 0, bytes, Math.min(at, bytes.length - count), count);
    }
}
