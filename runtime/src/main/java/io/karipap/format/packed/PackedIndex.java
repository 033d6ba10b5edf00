package io.karipap.format.packed;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file of packed weights holds, as {@link java.io.DataOutput} writes it: the key, the number of matrices, and of each its name, its
 * type, rows, columns, where it begins and its CRC-32C.
 *
 * @param key what the weights were made of
 */
record PackedIndex(String key, List<Part> parts) {
    /** Matrices begin at multiples of this: no SIMD load splits a cache line. */
    static final int ALIGNMENT = 64;

    private static final int LEAST_PART_BYTES = 2 + 2 + 4 + 4 + 8 + 4;

    /** A matrix. */
    record Part(String name, WeightType type, int rows, int columns, long at, int crc) {
        long bytes() {
            return PackedMatrix.bytes(type, rows, columns);
        }
    }

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(key);
        out.writeInt(parts.size());
        for (Part part : parts) {
            out.writeUTF(part.name());
            out.writeUTF(part.type().name());
            out.writeInt(part.rows());
            out.writeInt(part.columns());
            out.writeLong(part.at());
            out.writeInt(part.crc());
        }
        return bytes.toByteArray();
    }

    /**
     * @param end where the matrices end in the file
     * @throws PackedFormatException if this is no index, or matrices lie outside of the file
     */
    static PackedIndex read(byte[] bytes, long end) throws PackedFormatException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String key = in.readUTF();
            int count = in.readInt();
            if (count < 0 || count > bytes.length / LEAST_PART_BYTES) {
                throw new PackedFormatException("claims " + count + " matrices");
            }
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Part part = new Part(
                        in.readUTF(),
                        WeightType.valueOf(in.readUTF()),
                        in.readInt(),
                        in.readInt(),
                        in.readLong(),
                        in.readInt());
                if (part.rows() < 1
                        || part.columns() < 1
                        || part.at() < PackedHeader.BYTES
                        || part.at() % ALIGNMENT != 0
                        || part.at() > end - part.bytes()) {
                    throw new PackedFormatException("has a matrix \"" + part.name() + "\" that cannot be");
                }
                parts.add(part);
            }
            return new PackedIndex(key, parts);
        } catch (PackedFormatException e) {
            throw e;
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new PackedFormatException("has a damaged index");
        }
    }
}
