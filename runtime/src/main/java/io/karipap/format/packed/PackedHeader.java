package io.karipap.format.packed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What a file of packed weights begins with: eight bytes {@code KARIPACK}, the version of the format, the CRC-32C of the index, where the
 * index is, its bytes, the bytes of the whole file, zeros, and the CRC-32C of the header; all little-endian.
 *
 * @param indexCrc CRC-32C of the index
 * @param indexAt where the index begins
 * @param indexBytes its size
 * @param fileBytes size of the file
 */
record PackedHeader(int indexCrc, long indexAt, long indexBytes, long fileBytes) {
    static final int BYTES = 64;

    private static final long MAGIC = 0x4b434150_4952414bL;
    private static final int VERSION = 1;
    private static final int CRC_AT = BYTES - 4;

    ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC)
                .putInt(VERSION)
                .putInt(indexCrc)
                .putLong(indexAt)
                .putLong(indexBytes)
                .putLong(fileBytes);
        return bytes.putInt(CRC_AT, crc(bytes)).clear();
    }

    /** @throws PackedFormatException if these are not the first bytes of a file of packed weights */
    static PackedHeader read(ByteBuffer header, long size) throws PackedFormatException {
        ByteBuffer bytes = header.order(ByteOrder.LITTLE_ENDIAN);
        if (size < BYTES || bytes.getLong(0) != MAGIC) {
            throw new PackedFormatException("is no file of packed weights");
        }
        if (bytes.getInt(8) != VERSION) {
            throw new PackedFormatException("is of version " + bytes.getInt(8) + ", expected " + VERSION);
        }
        if (bytes.getInt(CRC_AT) != crc(bytes)) {
            throw new PackedFormatException("has a damaged header");
        }
        PackedHeader read = new PackedHeader(bytes.getInt(12), bytes.getLong(16), bytes.getLong(24), bytes.getLong(32));
        if (read.fileBytes() != size) {
            throw new PackedFormatException("has " + size + " bytes, expected " + read.fileBytes() + " (cut off?)");
        }
        if (read.indexAt() < BYTES || read.indexBytes() < 0 || read.indexAt() > size - read.indexBytes()) {
            throw new PackedFormatException("has its index outside of it");
        }
        return read;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, CRC_AT);
        return (int) crc.getValue();
    }
}
