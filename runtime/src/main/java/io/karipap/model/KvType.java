package io.karipap.model;

/** How keys and values are stored. */
public enum KvType {
    /** As they are computed. */
    F32,
    /** Rounded to the nearest bfloat16: half the memory. */
    BF16
}
