package io.karipap.trg;

import io.karipap.tensor.NamedTensor;
import java.util.List;

/**
 * A classical model on the square lattice whose partition function is the contraction of one tensor per site, and what is known exactly
 * about it.
 *
 * @param name for reports
 * @param site {@code T[u, l, d, r]}
 * @param exact ln Z per site in the thermodynamic limit
 */
public record LatticeModel(String name, NamedTensor site, double exact) {
    /** Catalan's constant. */
    private static final double CATALAN = 0.915965594177219015054603514932384110774;

    private static final List<String> LEGS = List.of("u", "l", "d", "r");

    /** Where the Ising model orders: 2 / ln(1 + √2). */
    public static final double ISING_CRITICAL = 2 / Math.log(1 + Math.sqrt(2));

    /**
     * The Ising model with J = k = 1; exact by Onsager, Phys. Rev. 65, 117 (1944).
     *
     * @param temperature in units of J/k
     */
    public static LatticeModel ising(double temperature) {
        double k = 1 / temperature;
        double[][] half = {
            {Math.sqrt(Math.cosh(k)), Math.sqrt(Math.sinh(k))},
            {Math.sqrt(Math.cosh(k)), -Math.sqrt(Math.sinh(k))}
        };
        double[] data = new double[16];
        for (int i = 0; i < 16; i++) {
            for (double[] spin : half) {
                data[i] += spin[i >> 3 & 1] * spin[i >> 2 & 1] * spin[i >> 1 & 1] * spin[i & 1];
            }
        }
        return new LatticeModel(
                "Ising T=" + (temperature == ISING_CRITICAL ? "Tc" : Double.toString(temperature)),
                new NamedTensor(LEGS, new int[] {2, 2, 2, 2}, data),
                onsager(k));
    }

    /** ln(√2 cosh 2K) + 1/π ∫₀^{π/2} ln(1 + √(1 − κ² sin²θ)) dθ, κ = 2 sinh 2K / cosh² 2K. */
    private static double onsager(double k) {
        double kappa = 2 * Math.sinh(2 * k) / Math.pow(Math.cosh(2 * k), 2);
        // θ = π/2 · (1 − s³): takes the kink at π/2, which there is at the critical point, out of the midpoint rule
        int points = 2_000_000;
        double sum = 0;
        for (int i = 0; i < points; i++) {
            double s = (i + 0.5) / points;
            double theta = Math.PI / 2 * (1 - s * s * s);
            double root = Math.sqrt(Math.max(0, 1 - Math.pow(kappa * Math.sin(theta), 2)));
            sum += Math.log1p(root) * 1.5 * Math.PI * s * s / points;
        }
        return Math.log(Math.sqrt(2) * Math.cosh(2 * k)) + sum / Math.PI;
    }

    /** Square ice, the six-vertex model with equal weights: residual entropy 3/2 · ln(4/3), Lieb, PRL 18, 692 (1967). */
    public static LatticeModel squareIce() {
        double[] data = new double[16];
        for (int i = 0; i < 16; i++) {
            int u = i >> 3 & 1;
            int l = i >> 2 & 1;
            int d = i >> 1 & 1;
            int r = i & 1;
            data[i] = l + d == r + u ? 1 : 0; // arrows that come in are as many as go out
        }
        return new LatticeModel(
                "square ice", new NamedTensor(LEGS, new int[] {2, 2, 2, 2}, data), 1.5 * Math.log(4.0 / 3));
    }

    /** Close-packed dimers: entropy Catalan/π per site, Kasteleyn, Physica 27, 1209 (1961). */
    public static LatticeModel dimers() {
        double[] data = new double[16];
        for (int i = 0; i < 16; i++) {
            data[i] = Integer.bitCount(i) == 1 ? 1 : 0;
        }
        return new LatticeModel("dimers", new NamedTensor(LEGS, new int[] {2, 2, 2, 2}, data), CATALAN / Math.PI);
    }
}
