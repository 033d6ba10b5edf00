package io.karipap.train;

/**
 * The learning rate of a step: it rises linearly, then falls by half a cosine to a share of its peak.
 *
 * @param peak highest rate
 * @param warmUp steps of the rise
 * @param steps steps in all
 * @param last share of the peak that is left at the end
 */
public record RateSchedule(double peak, long warmUp, long steps, double last) {
    /** @param step from 1 on */
    double rate(long step) {
        if (step <= warmUp) {
            return peak * step / warmUp;
        }
        double way = (double) (step - warmUp) / Math.max(1, steps - warmUp);
        return peak * (last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, way))));
    }
}
