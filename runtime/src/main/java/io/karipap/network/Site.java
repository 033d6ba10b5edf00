package io.karipap.network;

import java.util.List;

/**
 * One tensor of a network.
 *
 * @param tensor name of the tensor in the model file; sites of several operators may share it
 * @param indices names of its indices, in the order of the tensor's dimensions
 */
public record Site(String tensor, List<String> indices) {
    public Site {
        indices = List.copyOf(indices);
    }
}
