package io.karipap.format;

import io.karipap.format.block.AffineRow;
import io.karipap.format.block.BlockType;
import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of one of ggml's types.
 *
 * @param block their type
 * @param columns size of the last dimension, whole blocks
 * @param data the blocks, row by row; valid while the store that gave it is open
 */
record BlockData(BlockType block, int columns, MemorySegment data) implements TensorData {
    /** Types whose scales are binary16 numbers and which have no offsets are our own codes in another order. */
    @Override
    public WeightType type() {
        return switch (block) {
            case Q4_0, TQ1_0, TQ2_0 -> WeightType.Q4;
            case Q8_0, Q5_0, IQ4_NL -> WeightType.Q8;
            case Q4_1, Q4_K -> WeightType.A4;
            case Q2_K, Q3_K -> WeightType.A4_16;
            case Q5_1, Q5_K, IQ1_S, IQ2_XXS, IQ3_XXS, IQ3_S, IQ4_XS, MXFP4 -> WeightType.A8;
            case Q6_K, IQ1_M, IQ2_XS, IQ2_S, NVFP4 -> WeightType.S8_16;
        };
    }

    @Override
    public String stored() {
        return block.name();
    }

    @Override
    public long bytes() {
        return data.byteSize();
    }

    @Override
    public float get(long index) {
        return decode(index / block.columns(), 1).get((int) (index % block.columns()));
    }

    @Override
    public void read(long from, int count, float[] out) {
        if (count == 0) {
            return;
        }
        long first = from / block.columns();
        long last = (from + count - 1) / block.columns();
        decode(first, Math.toIntExact(last - first + 1)).toFloats((int) (from % block.columns()), count, out);
    }

    @Override
    public void readCodes(long row, byte[] codes, short[] scales) {
        if (type().affine()) {
            TensorData.super.readCodes(row, codes, scales);
        }
        AffineRow decoded = affineRow(row);
        System.arraycopy(decoded.codes(), 0, codes, 0, columns);
        for (int g = 0; g < scales.length; g++) {
            scales[g] = Float.floatToFloat16(decoded.scales()[g]); // it was one: exact
        }
    }

    @Override
    public AffineRow affineRow(long row) {
        int blocks = columns / block.columns();
        return decode(row * blocks, blocks);
    }

    private AffineRow decode(long first, int blocks) {
        byte[] bytes = new byte[Math.multiplyExact(blocks, block.bytes())];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, first * block.bytes(), bytes, 0, bytes.length);
        AffineRow row = new AffineRow(block, Math.multiplyExact(blocks, block.columns()));
        block.decode(bytes, blocks, row);
        return row;
    }

    @Override
    public void unload() {
        PlainData.unload(data);
    }
}
