package io.karipap.model.config;

/**
 * Rotary positions (Su et al., arXiv 2104.09864).
 *
 * @param dimensions components of a head that turn, the first ones, an even number
 * @param theta base of the frequencies
 * @param scaling how those are stretched
 */
public record Rope(int dimensions, double theta, RopeScaling scaling) {
    /** Radians per position by which component {@code i}, in [0, dimensions/2), turns with component i + dimensions/2. */
    public double frequency(int i) {
        return scaling.scale(Math.pow(theta, -2.0 * i / dimensions));
    }
}
