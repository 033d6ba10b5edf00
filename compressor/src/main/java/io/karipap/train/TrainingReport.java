package io.karipap.train;

import java.time.Duration;

/**
 * What training brought.
 *
 * @param parameters trained weights
 * @param steps steps done
 * @param bestStep the step whose weights were written
 * @param tokens tokens seen
 * @param before validation loss before the first step, nats per token
 * @param after that of the weights that were written
 * @param duration of this run, from the checkpoint that it began with
 */
public record TrainingReport(
        long parameters, long steps, long bestStep, long tokens, double before, double after, Duration duration) {}
