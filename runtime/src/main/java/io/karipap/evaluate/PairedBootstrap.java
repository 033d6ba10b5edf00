package io.karipap.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Whether two models differ on a task by more than the choice of its items explains: items are drawn again and again, with replacement
 * and for both models alike (Efron &amp; Tibshirani 1993; for language tasks Koehn 2004).
 *
 * @param difference mean of the second model minus that of the first
 * @param low 2.5 % quantile of the difference
 * @param high 97.5 % quantile of the difference
 */
public record PairedBootstrap(double difference, double low, double high) {
    private static final int DRAWS = 10_000;
    private static final long SEED = 11;

    /** @throws IllegalArgumentException if the scores are not of the same items */
    public static PairedBootstrap compare(Scores first, Scores second) {
        if (!first.task().equals(second.task()) || first.items() != second.items()) {
            throw new IllegalArgumentException("scores of " + first.items() + " items of " + first.task() + " and of "
                    + second.items() + " items of " + second.task() + " cannot be compared item by item");
        }
        SplittableRandom random = new SplittableRandom(SEED);
        double[] differences = new double[DRAWS];
        int items = first.items();
        for (int draw = 0; draw < DRAWS; draw++) {
            double a = 0;
            double b = 0;
            double aWeight = 0;
            double bWeight = 0;
            for (int i = 0; i < items; i++) {
                int item = random.nextInt(items);
                a += first.sums()[item];
                b += second.sums()[item];
                aWeight += first.weights()[item];
                bWeight += second.weights()[item];
            }
            differences[draw] = b / bWeight - a / aWeight;
        }
        Arrays.sort(differences);
        return new PairedBootstrap(
                second.mean() - first.mean(), differences[DRAWS / 40], differences[DRAWS - 1 - DRAWS / 40]);
    }

    /** Whether 0 is outside the interval of 95 %. */
    public boolean significant() {
        return low > 0 || high < 0;
    }
}
