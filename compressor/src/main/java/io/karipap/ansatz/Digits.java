package io.karipap.ansatz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a dimension as a product of digits, as equal as its prime factors allow. Nothing is padded: a large prime factor makes one large
 * digit, and a prime one digit and ones.
 */
public final class Digits {
    private Digits() {}

    /**
     * @param dimension at least 1
     * @param count how many digits
     * @return digits with that product, the larger in the middle, where the bonds of a chain are the largest anyway
     */
    public static int[] of(int dimension, int count) {
        int[] digits = balanced(dimension, count);
        Arrays.sort(digits);
        int[] arranged = new int[count];
        int low = 0;
        int high = count - 1;
        for (int i = 0; i < count; i++) { // smallest at the ends
            arranged[i % 2 == 0 ? low++ : high--] = digits[i];
        }
        return arranged;
    }

    /** As {@link #of}, in the order in which prime factors, largest first, went to the smallest digit. */
    public static int[] balanced(int dimension, int count) {
        if (dimension < 1 || count < 1) {
            throw new IllegalArgumentException(
                    "a dimension of " + dimension + " cannot be written with " + count + " digits");
        }
        int[] digits = new int[count];
        Arrays.fill(digits, 1);
        List<Integer> primes = primes(dimension);
        primes.sort(Comparator.reverseOrder());
        for (int prime : primes) {
            int smallest = 0;
            for (int i = 1; i < count; i++) {
                if (digits[i] < digits[smallest]) {
                    smallest = i;
                }
            }
            digits[smallest] *= prime;
        }
        return digits;
    }

    private static List<Integer> primes(int dimension) {
        List<Integer> primes = new ArrayList<>();
        int left = dimension;
        for (int prime = 2; (long) prime * prime <= left; prime++) {
            while (left % prime == 0) {
                primes.add(prime);
                left /= prime;
            }
        }
        if (left > 1) {
            primes.add(left);
        }
        return primes;
    }
}
