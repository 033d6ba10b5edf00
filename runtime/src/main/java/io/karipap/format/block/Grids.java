package io.karipap.format.block;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The points of 4 or 8 dimensions from which the IQ types choose, one after the other; made by {@code ggml-blocks.py}. */
final class Grids {
    private static final byte[] ALL = read();

    static final byte[] IQ2_XXS = part(0, 256 * 8);
    static final byte[] IQ2_XS = part(256 * 8, 512 * 8);
    static final byte[] IQ2_S = part(768 * 8, 1024 * 8);
    static final byte[] IQ3_XXS = part(1792 * 8, 256 * 4);
    static final byte[] IQ3_S = part(1792 * 8 + 256 * 4, 512 * 4);
    /** Elements −1, 0 and 1; of IQ1_S and IQ1_M. */
    static final byte[] IQ1 = part(1792 * 8 + 768 * 4, 2048 * 8);

    private Grids() {}

    private static byte[] part(int from, int count) {
        return Arrays.copyOfRange(ALL, from, from + count);
    }

    private static byte[] read() {
        try (InputStream in = Grids.class.getResourceAsStream("iq-grids.bin")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
