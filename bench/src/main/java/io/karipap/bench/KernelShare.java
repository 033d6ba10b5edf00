package io.karipap.bench;

import io.karipap.kernels.WeightType;

/**
 * How near one matmul came to the machine's limit: the time that reading its weights or computing its multiply-adds must take, whichever
 * is longer, over the time that it took.
 *
 * @param type type of the weights
 * @param shape N×K
 * @param rows rows of activations
 * @param threads threads that worked
 * @param micros time of one call, microseconds
 * @param gigabytesPerSecond weights read, scales included
 * @param gigaflops floating-point operations, 10⁹/s
 * @param bound {@code memory}, {@code fma}, or {@code cache} where the weights fit a cache and only the FMA limit counts
 * @param share of the limit
 */
public record KernelShare(
        WeightType type,
        String shape,
        int rows,
        int threads,
        double micros,
        double gigabytesPerSecond,
        double gigaflops,
        String bound,
        double share) {
    /** Weights of fewer bytes may stay in a cache from one call to the next. */
    private static final double CACHED = 128 << 20;

    static KernelShare of(WeightType type, String shape, int rows, int threads, double micros, MachineLimits limits) {
        double bytes = bytes(type, shape);
        double operations = 2.0 * rowsOf(shape) * columnsOf(shape) * rows;
        double reading = fromMemory(type, shape) ? bytes / limits.gigabytesPerSecond() / 1e3 : 0;
        double computing = operations / limits.gigaflops() / 1e3;
        String bound = reading > computing ? "memory" : !fromMemory(type, shape) && rows == 1 ? "cache" : "fma";
        return new KernelShare(
                type,
                shape,
                rows,
                threads,
                micros,
                bytes / micros / 1e3,
                operations / micros / 1e3,
                bound,
                Math.max(reading, computing) / micros);
    }

    /** Whether weights of this shape are too many for a cache. */
    static boolean fromMemory(WeightType type, String shape) {
        return bytes(type, shape) >= CACHED;
    }

    private static double bytes(WeightType type, String shape) {
        return (double) rowsOf(shape) * type.rowBytes(columnsOf(shape));
    }

    private static long rowsOf(String shape) {
        return Long.parseLong(shape.substring(0, shape.indexOf('x')));
    }

    private static long columnsOf(String shape) {
        return Long.parseLong(shape.substring(shape.indexOf('x') + 1));
    }

    /** What is compared with an earlier run. */
    public String key() {
        return type + " " + shape + " " + rows + " rows";
    }
}
