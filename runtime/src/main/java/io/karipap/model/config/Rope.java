package io.karipap.model.config;

/**
 * Rotary positions (Su et al., arXiv 2104.09864).
 *
 * @param dimensions components of a head that turn, the first ones, an even number
 * @param theta base of the frequencies
 * @param scaling how those are stretched
 */
public record Rope(int dimensions, double theta, RopeScaling scaling) {
    /**
     * Radians per position by which component {@code i}, in [0, dimensions/2), turns with component i + dimensions/2.
     *
     * @param context most positions of a sequence
     */
    public double[] frequencies(int context) {
        return scaling.frequencies(theta, dimensions, context);
    }

    /** Factor on the turned components. */
    public double magnitude() {
        return scaling.magnitude();
    }
}
