package io.karipap.kernels.vector;

import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;

/**
 * Where the weights of some neighbouring output features lie: four vectors of features, each a stream through memory. Set again and again by
 * the thread that owns it, so that a token allocates nothing.
 */
final class Streams {
    /** Vectors of output features computed together: four streams from memory and four chains of fused multiply-adds. */
    static final int CHAINS = 4;

    /** Output features computed together. */
    static final int FEATURES = CHAINS * Vectors.LANES;

    MemorySegment data = MemorySegment.NULL;

    // Offsets in bytes.
    long p0;
    long p1;
    long p2;
    long p3;

    /** How far the codes lie behind p0…p3, where the scales are; only of quantised types. */
    long codesAt;

    /** Only of quantised types. */
    CodeMasks masks = CodeMasks.of(WeightType.Q8);

    /** Says where codes lie and of what type they are. */
    void codes(long behind, WeightType type) {
        codesAt = behind;
        masks = CodeMasks.of(type);
    }

    /** The third and the fourth stream instead of the first two. */
    void secondHalf() {
        p0 = p2;
        p1 = p3;
    }

    /** Moves all streams on by so many bytes. */
    void skip(long bytes) {
        p0 += bytes;
        p1 += bytes;
        p2 += bytes;
        p3 += bytes;
    }
}
