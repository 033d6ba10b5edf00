package io.karipap.generate;

import io.karipap.model.KvOptions;
import io.karipap.model.KvType;

/**
 * How an engine stores keys and values.
 *
 * @since 0.1
 */
public enum KvPrecision {
    /** As they are computed. */
    F32,
    /** Rounded to the nearest bfloat16: half the memory. */
    BF16;

    /** @throws IllegalArgumentException if a number is out of range */
    KvOptions cache(int positions, int blockSize) {
        return new KvOptions(positions, blockSize, KvType.valueOf(name()));
    }
}
