package io.karipap.operator;

import io.karipap.model.config.Input;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where an activation flows into operators.
 *
 * @param layer block; the number of blocks for the head
 */
public record Place(int layer, Input input) {
    /** All places of a model, in the order in which they are computed. */
    public static List<Place> all(ModelConfig config) {
        List<Place> places = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Input input : Input.values()) {
                if (input != Input.HEAD) {
                    places.add(new Place(layer, input));
                }
            }
        }
        places.add(new Place(config.layers(), Input.HEAD));
        return places;
    }

    /** Features there. */
    public int width(ModelConfig config) {
        if (input == Input.HEAD) {
            return config.hiddenSize();
        }
        for (Linear linear : config.linears()) {
            if (linear.input() == input) {
                return linear.in(config);
            }
        }
        throw new IllegalStateException("nothing reads " + input);
    }

    /** Name for a file about it. */
    public String fileName() {
        return layer + "-" + input.name().toLowerCase(Locale.ROOT) + ".moment";
    }
}
