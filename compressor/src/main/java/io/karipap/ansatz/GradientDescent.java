package io.karipap.ansatz;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.network.Site;
import io.karipap.tensor.Einsum;
import io.karipap.tensor.NamedTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Optimises all sites at once by L-BFGS (Liu and Nocedal, Math. Program. 45, 503, 1989) on the error in the C metric, with backtracking, so
 * that no step can raise it. For any network, also one whose sites are tied: a tensor's gradient is the sum over its sites.
 */
public final class GradientDescent {
    private static final int MEMORY = 8;
    private static final int MAX_HALVINGS = 30;
    private static final double ARMIJO = 1e-4;

    private final Matrix w;
    private final Metric metric;
    private final double energy;
    private final LinearAlgebra algebra;

    /**
     * @param w operator [m, n]
     */
    public GradientDescent(Matrix w, Metric metric, LinearAlgebra algebra) {
        this.w = w;
        this.metric = metric;
        this.algebra = algebra;
        this.energy = metric.energy(w, algebra);
    }

    private record Step(double[] change, double[] gradientChange) {}

    /**
     * @param steps most steps
     * @param tolerance stops when a step lowers the error by less than this share of it
     * @param errors the error after every step is added to it
     */
    public OperatorNetwork optimise(OperatorNetwork start, int steps, double tolerance, List<Double> errors) {
        List<String> names = List.copyOf(start.network().parameters().keySet());
        OperatorNetwork network = start;
        double[] x = start.flat();
        Deque<Step> memory = new ArrayDeque<>();
        double error = error(network);
        double[] gradient = gradient(network, names, x.length);
        for (int i = 0; i < steps; i++) {
            double[] direction = direction(gradient, memory);
            double slope = dot(gradient, direction);
            if (slope >= 0) { // the memory misled: steepest descent
                memory.clear();
                direction = direction(gradient, memory);
                slope = dot(gradient, direction);
            }
            double length = memory.isEmpty() ? 1 / Math.max(1e-30, Math.sqrt(-slope)) * 0.1 * norm(x) : 1;
            int halvings = 0;
            double[] trial = plus(x, length, direction);
            OperatorNetwork moved = start.withFlat(trial);
            double movedError = error(moved);
            while (!(movedError <= error + ARMIJO * length * slope) && halvings++ < MAX_HALVINGS) {
                length /= 2;
                trial = plus(x, length, direction);
                moved = start.withFlat(trial);
                movedError = error(moved);
            }
            if (!(movedError < error)) {
                break;
            }
            double[] nextGradient = gradient(moved, names, x.length);
            double[] change = plus(trial, -1, x);
            double[] gradientChange = plus(nextGradient, -1, gradient);
            if (dot(change, gradientChange) > 0) {
                memory.addLast(new Step(change, gradientChange));
                if (memory.size() > MEMORY) {
                    memory.removeFirst();
                }
            }
            boolean done = error - movedError < tolerance * error;
            x = trial;
            network = moved;
            error = movedError;
            gradient = nextGradient;
            errors.add(error);
            if (done) {
                break;
            }
        }
        return network;
    }

    private double error(OperatorNetwork network) {
        return metric.energy(w.minus(network.dense(algebra)), algebra) / energy;
    }

    private double[] gradient(OperatorNetwork network, List<String> names, int size) {
        Matrix residual = w.minus(network.dense(algebra));
        Matrix weighted = algebra.multiply(residual, metric.moment());
        NamedTensor outer = network.asTensor(weighted);
        double[] gradient = new double[size];
        List<Site> sites = network.network().sites();
        for (int s = 0; s < sites.size(); s++) {
            List<NamedTensor> others = new ArrayList<>(network.sites());
            others.set(s, outer);
            NamedTensor own = Einsum.contract(others, sites.get(s).indices(), algebra);
            int at = 0;
            for (String name : names) {
                if (name.equals(sites.get(s).tensor())) {
                    for (int i = 0; i < own.data().length; i++) {
                        gradient[at + i] -= 2 / energy * own.data()[i];
                    }
                }
                at += network.tensors().get(name).length;
            }
        }
        return gradient;
    }

    /** −H g by the two-loop recursion. */
    private static double[] direction(double[] gradient, Deque<Step> memory) {
        double[] q = gradient.clone();
        List<Double> factors = new ArrayList<>();
        for (Iterator<Step> each = memory.descendingIterator(); each.hasNext(); ) {
            Step step = each.next();
            double factor = dot(step.change, q) / dot(step.change, step.gradientChange);
            factors.addFirst(factor);
            add(q, -factor, step.gradientChange);
        }
        if (!memory.isEmpty()) {
            Step last = memory.getLast();
            double scale = dot(last.change, last.gradientChange) / dot(last.gradientChange, last.gradientChange);
            for (int i = 0; i < q.length; i++) {
                q[i] *= scale;
            }
        }
        int number = 0;
        for (Step step : memory) {
            double back = dot(step.gradientChange, q) / dot(step.change, step.gradientChange);
            add(q, factors.get(number++) - back, step.change);
        }
        for (int i = 0; i < q.length; i++) {
            q[i] = -q[i];
        }
        return q;
    }

    private static double[] plus(double[] a, double factor, double[] b) {
        double[] sum = a.clone();
        add(sum, factor, b);
        return sum;
    }

    private static void add(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += factor * b[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }
}
