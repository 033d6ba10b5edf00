package io.karipap.generate;

import io.karipap.kernels.WeightType;

/**
 * To what weights may be rounded when a model is loaded.
 *
 * @since 0.1
 */
public enum WeightPrecision {
    /** IEEE 754 binary32. */
    F32,
    /** The upper half of a binary32. */
    BF16,
    /** IEEE 754 binary16. */
    F16,
    /** Codes of 8 bits, with a scale for 32 columns. */
    Q8,
    /** Codes of 4 bits, with a scale for 32 columns. */
    Q4;

    WeightType type() {
        return WeightType.valueOf(name());
    }
}
