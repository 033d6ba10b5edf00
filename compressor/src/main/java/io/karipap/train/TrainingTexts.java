package io.karipap.train;

import java.util.List;

/**
 * What a model learns from and is measured on.
 *
 * @param training texts
 * @param weights share of the sequences by training text
 * @param validation texts that are only measured
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingTexts(List<TokenText> training, double[] weights, List<TokenText> validation) {
    /** @throws IllegalArgumentException if there is nothing to learn from or to measure on */
    public TrainingTexts {
        if (training.isEmpty() || validation.isEmpty()) {
            throw new IllegalArgumentException("training needs a text to learn from and another to measure on");
        }
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }
}
