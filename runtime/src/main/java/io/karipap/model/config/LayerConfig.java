package io.karipap.model.config;

import java.util.Optional;

/**
 * What differs between the blocks of a model.
 *
 * @param window how many positions attention sees, its own included; {@link #EVERYTHING} for all
 * @param rope how queries and keys are turned by their positions, if they are
 */
public record LayerConfig(int window, Optional<Rope> rope) {
    /** A window that ends nowhere. */
    public static final int EVERYTHING = Integer.MAX_VALUE;
}
