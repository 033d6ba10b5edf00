package io.karipap.model.family;

import io.karipap.model.config.Rope;
import io.karipap.model.config.RopeScaling;
import java.util.Set;

/** Reads how queries and keys are turned by their positions. */
final class RopeFields {
    private RopeFields() {}

    /** One way for all blocks, all of a head. */
    static Rope read(Fields fields, int headDim) {
        if (headDim % 2 != 0) {
            throw fields.fail("head_dim " + headDim + " is odd; rotary embedding needs pairs");
        }
        double theta = fields.positive("rope_theta", 10_000);
        if (!(theta > 1)) {
            throw fields.fail("rope_theta is " + theta + ", expected more than 1");
        }
        RopeScaling scaling =
                fields.object("rope_scaling").map(RopeFields::scaling).orElseGet(RopeScaling.None::new);
        return new Rope(headDim, theta, scaling);
    }

    private static RopeScaling scaling(Fields scaling) {
        String type = scaling.text("rope_type", scaling.text("type", ""));
        RopeScaling read =
                switch (type) {
                    case "default" -> new RopeScaling.None();
                    case "linear" -> new RopeScaling.Linear(scaling.positive("factor"));
                    case "llama3" ->
                        new RopeScaling.Llama3(
                                scaling.positive("factor"),
                                scaling.positive("low_freq_factor"),
                                scaling.positive("high_freq_factor"),
                                scaling.positive("original_max_position_embeddings"));
                    default -> throw scaling.fail("rope_scaling type \"" + type + "\" is not supported");
                };
        scaling.refuseOthers(Set.of());
        return read;
    }
}
