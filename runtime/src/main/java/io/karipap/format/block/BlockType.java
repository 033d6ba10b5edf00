package io.karipap.format.block;

import java.util.Optional;

/** Types of quantised tensors in GGUF files. */
public enum BlockType {
    Q4_0(2, 32, 18, 32, SimpleBlocks::q40),
    Q4_1(3, 32, 20, 32, SimpleBlocks::q41),
    Q5_0(6, 32, 22, 32, SimpleBlocks::q50),
    Q5_1(7, 32, 24, 32, SimpleBlocks::q51),
    Q8_0(8, 32, 34, 32, SimpleBlocks::q80),
    Q2_K(10, 256, 84, 16, SuperBlocks::q2),
    Q3_K(11, 256, 110, 16, SuperBlocks::q3),
    Q4_K(12, 256, 144, 32, SuperBlocks::q4),
    Q5_K(13, 256, 176, 32, SuperBlocks::q5),
    Q6_K(14, 256, 210, 16, SuperBlocks::q6),
    IQ2_XXS(16, 256, 66, 32, GridBlocks::iq2xxs),
    IQ2_XS(17, 256, 74, 16, GridBlocks::iq2xs),
    IQ3_XXS(18, 256, 98, 32, GridBlocks::iq3xxs),
    IQ1_S(19, 256, 50, 32, GridBlocks::iq1s),
    IQ4_NL(20, 32, 18, 32, TableBlocks::iq4nl),
    IQ3_S(21, 256, 110, 32, GridBlocks::iq3s),
    IQ2_S(22, 256, 82, 16, GridBlocks::iq2s),
    IQ4_XS(23, 256, 136, 32, TableBlocks::iq4xs),
    IQ1_M(29, 256, 56, 16, GridBlocks::iq1m),
    TQ1_0(34, 256, 54, 32, TernaryBlocks::tq1),
    TQ2_0(35, 256, 66, 32, TernaryBlocks::tq2),
    MXFP4(39, 32, 17, 32, TableBlocks::mxfp4),
    NVFP4(40, 64, 36, 16, TableBlocks::nvfp4);

    private final int number;
    private final int columns;
    private final int bytes;
    private final int group;
    private final BlockDecoder decoder;

    BlockType(int number, int columns, int bytes, int group, BlockDecoder decoder) {
        this.number = number;
        this.columns = columns;
        this.bytes = bytes;
        this.group = group;
        this.decoder = decoder;
    }

    /** The type that ggml numbers so. */
    public static Optional<BlockType> numbered(int number) {
        for (BlockType type : values()) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** ggml's number. */
    public int number() {
        return number;
    }

    /** Columns of a block. */
    public int columns() {
        return columns;
    }

    /** Bytes of a block. */
    public int bytes() {
        return bytes;
    }

    /** Columns that share a scale and an offset. */
    public int group() {
        return group;
    }

    /** Decodes {@code blocks} blocks at the start of {@code bytes} into the beginning of {@code row}. */
    public void decode(byte[] bytes, int blocks, AffineRow row) {
        for (int b = 0; b < blocks; b++) {
            decoder.decode(bytes, b * this.bytes, row, b * columns);
        }
    }
}
