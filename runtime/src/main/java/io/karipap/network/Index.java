package io.karipap.network;

/**
 * A named index of a network.
 *
 * @param name unique in its network
 * @param size dimension
 * @param leg what it is
 */
public record Index(String name, int size, Leg leg) {
    public Index {
        if (name.isEmpty() || size < 1) {
            throw new IllegalArgumentException(
                    "index \"" + name + "\" has size " + size + ", expected a name and a size of at least 1");
        }
    }
}
