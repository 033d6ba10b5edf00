package io.karipap.compress;

import java.util.Locale;

/** How operators are written. */
public enum Ansatz {
    /** Per cell whichever loses least for its cost. */
    AUTO,
    /** Two sites and a bond. */
    LOW_RANK,
    /** q, k and v over one shared site, and so gate and up. */
    TIED,
    /** Shared bases over two neighbouring blocks. */
    LAYER,
    /** Blocks that share bases by row and by column. */
    BLOCK,
    /** A chain of two sites, each with an out-digit and an in-digit. */
    MPO,
    /** A 2×2 lattice whose bonds TRG lowers step by step. */
    PEPS,
    /** Low rank by SVDs that know nothing of the inputs; to compare with. */
    PLAIN_SVD;

    /** As people write it: {@code low-rank}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
