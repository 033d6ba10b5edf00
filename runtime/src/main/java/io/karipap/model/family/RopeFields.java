package io.karipap.model.family;

import io.karipap.model.config.Rope;
import io.karipap.model.config.RopeScaling;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Reads how queries and keys are turned by their positions: {@code rope_theta} with {@code rope_scaling}, or all of it in
 * {@code rope_parameters}, as transformers 5 spells it.
 */
final class RopeFields {
    private static final String ORIGINAL_CONTEXT = "original_max_position_embeddings";

    private final Fields fields;
    private final int headDim;
    private final int positions;

    /**
     * @param headDim H
     * @param positions context length in tokens
     */
    RopeFields(Fields fields, int headDim, int positions) {
        this.fields = fields;
        this.headDim = headDim;
        this.positions = positions;
    }

    /**
     * The one way of all blocks.
     *
     * @param defaultTheta the base where the config gives none
     */
    Rope read(double defaultTheta) {
        Optional<Fields> parameters = fields.object("rope_parameters");
        Optional<Fields> scaling = fields.object("rope_scaling");
        if (parameters.isPresent() && scaling.isPresent()) {
            throw fields.fail("rope_parameters and rope_scaling are both given, expected one of them");
        }
        return read(parameters.or(() -> scaling), "rope_theta", defaultTheta);
    }

    /**
     * One of several ways.
     *
     * @param part the fields of this one, if it has some
     * @param theta name of the base where it stands outside of them
     */
    Rope read(Optional<Fields> part, String theta, double defaultTheta) {
        double outside = fields.positive(theta, defaultTheta);
        double base = part.map(p -> p.positive("rope_theta", outside)).orElse(outside);
        if (!(base > 1)) {
            throw fields.fail(theta + " is " + base + ", expected more than 1");
        }
        double share = fields.positive("partial_rotary_factor", 1);
        int dimensions = (int) (headDim
                * part.map(p -> p.positive("partial_rotary_factor", share)).orElse(share));
        if (dimensions % 2 != 0 || dimensions < 2 || dimensions > headDim) {
            throw fields.fail("head_dim " + headDim + " has " + dimensions
                    + " components that turn; expected an even number, rotary embedding needs pairs");
        }
        fields.has(ORIGINAL_CONTEXT);
        return new Rope(dimensions, base, part.map(p -> scaling(p, dimensions)).orElseGet(RopeScaling.None::new));
    }

    private RopeScaling scaling(Fields scaling, int dimensions) {
        String type = scaling.text("rope_type", scaling.text("type", scaling.has("factor") ? "" : "default"));
        RopeScaling read =
                switch (type) {
                    case "default" -> new RopeScaling.None();
                    case "linear" -> new RopeScaling.Linear(scaling.positive("factor"));
                    case "dynamic" -> new RopeScaling.Dynamic(scaling.positive("factor"), positions);
                    case "llama3" ->
                        new RopeScaling.Llama3(
                                scaling.positive("factor"),
                                scaling.positive("low_freq_factor"),
                                scaling.positive("high_freq_factor"),
                                originalContext(scaling));
                    case "yarn" -> yarn(scaling);
                    case "longrope", "su" -> longRope(scaling, dimensions);
                    default -> throw scaling.fail("rope_scaling type \"" + type + "\" is not supported");
                };
        scaling.refuseOthers(Set.of(ORIGINAL_CONTEXT, "finetuned"));
        return read;
    }

    private int originalContext(Fields scaling) {
        return (fields.has(ORIGINAL_CONTEXT) ? fields : scaling)
                .size(ORIGINAL_CONTEXT, DecoderFamily.MAX_POSITIONS, positions);
    }

    private RopeScaling yarn(Fields scaling) {
        int original = originalContext(scaling);
        double factor = scaling.positive("factor", (double) positions / original);
        double magnitude = yarnMagnitude(factor, 1);
        if (scaling.has("mscale") && scaling.has("mscale_all_dim")) {
            magnitude = yarnMagnitude(factor, scaling.positive("mscale"))
                    / yarnMagnitude(factor, scaling.positive("mscale_all_dim"));
        }
        return new RopeScaling.Yarn(
                factor,
                scaling.positive("beta_fast", 32),
                scaling.positive("beta_slow", 1),
                original,
                scaling.flag("truncate", true),
                scaling.positive("attention_factor", magnitude));
    }

    private static double yarnMagnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private RopeScaling longRope(Fields scaling, int dimensions) {
        int original = originalContext(scaling);
        double factor = scaling.positive("factor", (double) positions / original);
        double magnitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new RopeScaling.LongRope(
                numbers(scaling, "short_factor", dimensions / 2),
                numbers(scaling, "long_factor", dimensions / 2),
                original,
                scaling.positive("attention_factor", magnitude));
    }

    private static List<Double> numbers(Fields scaling, String field, int count) {
        return DoubleStream.of(scaling.numbers(field, count)).boxed().toList();
    }
}
