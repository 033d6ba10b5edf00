package io.karipap.export;

import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Rope;
import java.util.Optional;

/** Whether the hyperparameters that a file says are those of a model: what a format cannot say must not be lost in silence. */
final class GgufAgreement {
    /** Frequencies and factors go through 32-bit floats. */
    private static final double TOLERANCE = 1e-5;

    private GgufAgreement() {}

    /** What is not the same in what was read of the file; empty if all is. */
    static Optional<String> difference(ModelConfig model, ModelConfig read) {
        if (!model.attention().equals(read.attention())) {
            return Optional.of("attention " + model.attention() + ", of which it makes " + read.attention());
        }
        if (!model.norms().equals(read.norms())) {
            return Optional.of("norms " + model.norms() + ", of which it makes " + read.norms());
        }
        if (!model.mlp().equals(read.mlp())) {
            return Optional.of("an MLP " + model.mlp() + ", of which it makes " + read.mlp());
        }
        if (!model.multipliers().equals(read.multipliers())) {
            return Optional.of(model.multipliers() + ", of which it makes " + read.multipliers());
        }
        if (!model.biases().equals(read.biases())) {
            return Optional.of("biases of " + model.biases() + ", of which it makes those of " + read.biases());
        }
        if (model.hiddenSize() != read.hiddenSize()
                || model.intermediateSize() != read.intermediateSize()
                || model.vocabularySize() != read.vocabularySize()
                || model.longestContext() != read.longestContext()
                || model.tiedEmbedding() != read.tiedEmbedding()
                || model.layers() != read.layers()) {
            return Optional.of("other sizes");
        }
        for (int layer = 0; layer < model.layers(); layer++) {
            Optional<String> difference = difference(model.layer(layer), read.layer(layer), model);
            if (difference.isPresent()) {
                return Optional.of("in block " + layer + " " + difference.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> difference(LayerConfig layer, LayerConfig read, ModelConfig model) {
        if (layer.window() != read.window()) {
            return Optional.of(
                    layer.window() == LayerConfig.EVERYTHING
                            ? "attention to everything"
                            : "a window of " + layer.window() + " positions");
        }
        if (layer.rope().isEmpty() != read.rope().isEmpty()) {
            return Optional.of(layer.rope().isEmpty() ? "no rotary positions" : "rotary positions");
        }
        return layer.rope().isEmpty() || alike(layer.rope().get(), read.rope().get(), model)
                ? Optional.empty()
                : Optional.of("rotary positions " + layer.rope().get());
    }

    private static boolean alike(Rope rope, Rope read, ModelConfig model) {
        return rope.dimensions() == read.dimensions()
                && near(rope.magnitude(), read.magnitude())
                && alike(rope.frequencies(model.maxPositions()), read.frequencies(model.maxPositions()))
                && alike(rope.frequencies(model.longestContext()), read.frequencies(model.longestContext()));
    }

    private static boolean alike(double[] some, double[] others) {
        for (int i = 0; i < some.length; i++) {
            if (!near(some[i], others[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= TOLERANCE * Math.abs(a);
    }
}
