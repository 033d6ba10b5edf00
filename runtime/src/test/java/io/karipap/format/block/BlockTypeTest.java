package io.karipap.format.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every block type bit for bit against values that PyPI's gguf made (ggml-blocks.py): random blocks with extreme scales. */
class BlockTypeTest {
    /** Blocks of a type and their values. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Golden(int blocks, byte[] bytes, float[] values) {}

    private static final Map<BlockType, Golden> GOLDEN = read();

    private static Map<BlockType, Golden> read() {
        Map<BlockType, Golden> golden = new EnumMap<>(BlockType.class);
        try (InputStream in = new GZIPInputStream(BlockTypeTest.class.getResourceAsStream("ggml-blocks.bin.gz"))) {
            ByteBuffer all = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            while (all.hasRemaining()) {
                BlockType type = BlockType.numbered(all.getInt()).orElseThrow();
                int blocks = all.getInt();
                byte[] bytes = new byte[blocks * type.bytes()];
                all.get(bytes);
                float[] values = new float[blocks * type.columns()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = all.getFloat();
                }
                golden.put(type, new Golden(blocks, bytes, values));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return golden;
    }

    private static AffineRow decoded(BlockType type) {
        Golden golden = GOLDEN.get(type);
        AffineRow row = new AffineRow(type, golden.values().length);
        type.decode(golden.bytes(), golden.blocks(), row);
        return row;
    }

    @ParameterizedTest
    @EnumSource
    void isDecodedBitForBit(BlockType type) {
        float[] expected = GOLDEN.get(type).values();
        AffineRow row = decoded(type);
        float[] out = new float[expected.length];
        row.toFloats(0, out.length, out);
        for (int i = 0; i < out.length; i++) {
            assertThat(Float.floatToRawIntBits(out[i]))
                    .as("%s, value %d: %s, expected %s", type, i, out[i], expected[i])
                    .isEqualTo(Float.floatToRawIntBits(expected[i]));
            assertThat(Float.floatToRawIntBits(row.get(i))).isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneFusedMultiplyAddGivesTheSame(BlockType type) {
        float[] expected = GOLDEN.get(type).values();
        AffineRow row = decoded(type);
        for (int i = 0; i < expected.length; i++) {
            float fused = Math.fma(row.codes()[i], row.scales()[i / row.group()], row.offsets()[i / row.group()]);
            assertThat(Float.floatToRawIntBits(fused)).isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }

    @Test
    void partsOfARowAreTheSame() {
        AffineRow row = decoded(BlockType.Q6_K);
        float[] part = new float[100];
        row.toFloats(37, 100, part);
        for (int i = 0; i < part.length; i++) {
            assertThat(part[i]).isEqualTo(row.get(37 + i));
        }
    }

    @Test
    void everyTypeHasGoldenValues() {
        assertThat(GOLDEN).containsOnlyKeys(BlockType.values());
        assertThat(GOLDEN.values())
                .allSatisfy(golden -> assertThat(golden.blocks()).isGreaterThanOrEqualTo(10));
    }
}
