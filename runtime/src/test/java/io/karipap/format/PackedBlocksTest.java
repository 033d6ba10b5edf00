package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.block.AffineRow;
import io.karipap.format.block.BlockType;
import io.karipap.kernels.Blocks;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tensors of ggml's types in the type that they become in memory: the bits of F32 weights of the same values. */
class PackedBlocksTest {
    private static final int ROWS = 21;
    private static final int COLUMNS = 512;

    private final SplittableRandom random = new SplittableRandom(7);

    /** A tensor of random blocks whose values are finite. */
    private Tensor tensor(BlockType type) {
        byte[] all = new byte[ROWS * COLUMNS / type.columns() * type.bytes()];
        byte[] block = new byte[type.bytes()];
        for (int at = 0; at < all.length; at += block.length) {
            AffineRow row;
            do {
                random.nextBytes(block);
                row = new AffineRow(type, type.columns());
                type.decode(block, 1, row);
            } while (!finite(row.scales()) || !finite(row.offsets()));
            System.arraycopy(block, 0, all, at, block.length);
        }
        return new Tensor("w", List.of(ROWS, COLUMNS), new BlockData(type, COLUMNS, MemorySegment.ofArray(all)));
    }

    private static boolean finite(float[] values) {
        for (float value : values) {
            if (!(Math.abs(value) < 1e20f)) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsHeldExactly(BlockType type) {
        Tensor tensor = tensor(type);
        assertThat(tensor.type().bits()).isLessThanOrEqualTo(8);
        Rows x = Rows.allocate(3, COLUMNS);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
        try (WeightMemory memory = new WeightMemory()) {
            PackedMatrix floats = PackedMatrix.pack(WeightType.F32, new TensorRows(tensor), memory);
            PackedMatrix packed = PackedMatrix.pack(tensor.type(), new TensorRows(tensor), memory);
            float[] expected = new float[COLUMNS];
            float[] actual = new float[COLUMNS];
            for (int n = 0; n < ROWS; n++) {
                floats.copyRow(n, expected, 0);
                packed.copyRow(n, actual, 0);
                assertThat(bits(actual)).isEqualTo(bits(expected));
            }
            assertThat(product(packed, x)).isEqualTo(product(floats, x));
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static float[] product(PackedMatrix w, Rows x) {
        Rows y = Rows.allocate(3, ROWS);
        new ScalarKernels().matmul(w, Blocks.all(w), x, y, 3);
        return y.data();
    }
}
