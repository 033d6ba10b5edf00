package io.karipap.bench;

/**
 * What the machine can do at most with a number of threads.
 *
 * @param gigabytesPerSecond read from memory, 10⁹ bytes/s
 * @param gigaflops fused multiply-adds counted as two operations, 10⁹/s
 */
public record MachineLimits(double gigabytesPerSecond, double gigaflops) {}
