package io.karipap.model.family;

import io.karipap.model.config.LayerConfig;
import java.util.List;
import java.util.function.IntPredicate;

/** Reads which blocks look back over a window. */
final class Windows {
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private Windows() {}

    /**
     * By {@code layer_types} where the config lists them.
     *
     * @param otherwise which blocks have a window where it does not
     */
    static boolean[] sliding(Fields fields, int layers, IntPredicate otherwise) {
        boolean[] sliding = new boolean[layers];
        List<String> types = fields.has("layer_types") ? fields.list("layer_types", layers) : List.of();
        for (int i = 0; i < layers; i++) {
            if (types.isEmpty()) {
                sliding[i] = otherwise.test(i);
            } else if (types.get(i).equals(SLIDING)) {
                sliding[i] = true;
            } else if (!types.get(i).equals(FULL)) {
                throw fields.fail("layer_types names \"" + types.get(i) + "\", expected " + FULL + " or " + SLIDING);
            }
        }
        return sliding;
    }

    /** The positions of a window; all of them where the config says null, and {@code absent} where it says nothing. */
    static int size(Fields fields, int absent) {
        return fields.size(
                "sliding_window",
                DecoderFamily.MAX_POSITIONS,
                fields.mentions("sliding_window") ? LayerConfig.EVERYTHING : absent);
    }
}
