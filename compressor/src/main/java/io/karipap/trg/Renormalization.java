package io.karipap.trg;

import io.karipap.tensor.NamedTensor;
import java.util.ArrayList;
import java.util.List;

/** A way to make half as many sites of a uniform square lattice, with bonds of at most χ. */
public sealed interface Renormalization permits LevinNave, Hotrg {
    /**
     * A coarser site and what it cost.
     *
     * @param site {@code T[u, l, d, r]} of the lattice with half as many sites
     * @param discardedWeight the largest truncation error of a bond of this step
     */
    record Step(NamedTensor site, double discardedWeight) {}

    /** Name for reports. */
    String name();

    /**
     * One step.
     *
     * @param site {@code T[u, l, d, r]}
     * @param number which step it is, from 0 on
     */
    Step step(NamedTensor site, int number);

    /**
     * What was found about an infinite lattice.
     *
     * @param logPartition ln Z per site
     * @param discardedWeights of every step
     */
    record Result(double logPartition, List<Double> discardedWeights) {}

    /**
     * Contracts a lattice of 2^steps sites with periodic boundaries.
     *
     * @param site {@code T[u, l, d, r]}
     */
    default Result contract(NamedTensor site, int steps) {
        NamedTensor current = site;
        List<Double> discarded = new ArrayList<>();
        double logPartition = 0;
        double sites = 1;
        for (int i = 0; i < steps; i++) {
            double norm = current.maxAbs();
            logPartition += Math.log(norm) / sites;
            Step step = step(current.dividedBy(norm), i);
            current = step.site();
            discarded.add(step.discardedWeight());
            sites *= 2;
        }
        return new Result(logPartition + Math.log(torus(current)) / sites, discarded);
    }

    /** The contraction of one site with itself: u with d, l with r. */
    private static double torus(NamedTensor site) {
        NamedTensor ordered = site.ordered(List.of("u", "d", "l", "r"));
        int vertical = site.size("u");
        int horizontal = site.size("l");
        double trace = 0;
        for (int v = 0; v < vertical; v++) {
            for (int h = 0; h < horizontal; h++) {
                trace += ordered.data()[((v * vertical + v) * horizontal + h) * horizontal + h];
            }
        }
        return trace;
    }
}
