package io.karipap.format.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decodes one block of a type. */
@FunctionalInterface
interface BlockDecoder {
    VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * @param bytes where the block stands
     * @param at its first byte
     * @param row where its codes, scales and offsets go
     * @param k its first column in the row
     */
    void decode(byte[] bytes, int at, AffineRow row, int k);

    /** The unsigned 16-bit number at {@code at}. */
    static int uint16(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at) & 0xffff;
    }

    /** The binary16 number at {@code at}. */
    static float half(byte[] bytes, int at) {
        return Float.float16ToFloat((short) SHORT.get(bytes, at));
    }
}
