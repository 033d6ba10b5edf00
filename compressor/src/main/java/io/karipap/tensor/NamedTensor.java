package io.karipap.tensor;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A tensor whose indices have names.
 *
 * @param names of its indices, all different
 * @param sizes of its indices
 * @param data elements, row-major in the order of the indices; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record NamedTensor(List<String> names, int[] sizes, double[] data) {
    /** @throws IllegalArgumentException if names, sizes and elements do not fit together */
    public NamedTensor {
        names = List.copyOf(names);
        if (names.size() != sizes.length || new HashSet<>(names).size() != sizes.length) {
            throw new IllegalArgumentException("indices " + names + " do not name " + sizes.length + " dimensions");
        }
        if (product(sizes) != data.length) {
            throw new IllegalArgumentException(
                    data.length + " elements are not a tensor " + names + " " + Arrays.toString(sizes));
        }
    }

    /** Zeros. */
    public static NamedTensor zeros(List<String> names, int... sizes) {
        return new NamedTensor(names, sizes, new double[Math.toIntExact(product(sizes))]);
    }

    static long product(int[] sizes) {
        long product = 1;
        for (int size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** Whether it has an index of that name. */
    public boolean has(String name) {
        return names.contains(name);
    }

    /** Size of an index. */
    public int size(String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("there is no index " + name + " among " + names);
        }
        return sizes[at];
    }

    /** Product of the sizes of some indices. */
    public int size(Collection<String> some) {
        int product = 1;
        for (String name : some) {
            product = Math.multiplyExact(product, size(name));
        }
        return product;
    }

    /** The same tensor with another index in the place of {@code name}. */
    public NamedTensor renamed(String name, String other) {
        return new NamedTensor(
                names.stream().map(n -> n.equals(name) ? other : n).toList(), sizes, data);
    }

    /** The same tensor with all indices of {@code order} in that order. */
    public NamedTensor ordered(List<String> order) {
        if (order.equals(names)) {
            return this;
        }
        int rank = sizes.length;
        int[] strides = new int[rank];
        for (int i = rank - 1, stride = 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        int[] newSizes = new int[rank];
        int[] newStrides = new int[rank];
        for (int i = 0; i < rank; i++) {
            int from = names.indexOf(order.get(i));
            if (from < 0 || order.size() != rank) {
                throw new IllegalArgumentException(order + " is not an order of " + names);
            }
            newSizes[i] = sizes[from];
            newStrides[i] = strides[from];
        }
        double[] out = new double[data.length];
        int inner = rank == 0 ? 1 : newSizes[rank - 1];
        int innerStride = rank == 0 ? 1 : newStrides[rank - 1];
        int[] at = new int[Math.max(1, rank)];
        int source = 0;
        for (int target = 0; target < out.length; target += inner) {
            for (int i = 0, s = source; i < inner; i++, s += innerStride) {
                out[target + i] = data[s];
            }
            for (int d = rank - 2; d >= 0; d--) {
                source += newStrides[d];
                if (++at[d] < newSizes[d]) {
                    break;
                }
                source -= newStrides[d] * newSizes[d];
                at[d] = 0;
            }
        }
        return new NamedTensor(order, newSizes, out);
    }

    /** As a matrix whose rows are the combinations of {@code rows}, and whose columns those of {@code columns}. */
    public Matrix matrix(List<String> rows, List<String> columns) {
        List<String> order = new ArrayList<>(rows);
        order.addAll(columns);
        return new Matrix(size(rows), size(columns), ordered(order).data);
    }

    /** The inverse of {@link #matrix}. */
    public static NamedTensor of(Matrix matrix, List<String> names, int... sizes) {
        return new NamedTensor(names, sizes, matrix.data());
    }

    /** Sums over the indices that both have. */
    public NamedTensor times(NamedTensor other, LinearAlgebra algebra) {
        return times(other, Set.of(), algebra);
    }

    /**
     * Multiplies, sums over the indices that both have, but keeps those in {@code copied}: a copy tensor joins them, and others still to
     * come.
     */
    public NamedTensor times(NamedTensor other, Set<String> copied, LinearAlgebra algebra) {
        List<String> batch = new ArrayList<>();
        List<String> summed = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (String name : names) {
            if (!other.has(name)) {
                left.add(name);
            } else if (copied.contains(name)) {
                batch.add(name);
            } else {
                summed.add(name);
            }
        }
        List<String> right = other.names.stream().filter(name -> !has(name)).toList();
        List<String> order = new ArrayList<>(batch);
        order.addAll(left);
        order.addAll(right);
        int[] newSizes = new int[order.size()];
        for (int i = 0; i < newSizes.length; i++) {
            newSizes[i] = has(order.get(i)) ? size(order.get(i)) : other.size(order.get(i));
        }
        int m = size(left);
        int k = size(summed);
        int n = other.size(right);
        int batches = size(batch);
        double[] a = ordered(concat(batch, left, summed)).data;
        double[] b = other.ordered(concat(batch, summed, right)).data;
        if (batches == 1) {
            Matrix product = algebra.multiply(new Matrix(m, k, a), new Matrix(k, n, b));
            return new NamedTensor(order, newSizes, product.data());
        }
        double[] out = new double[Math.toIntExact(product(newSizes))];
        for (int batchAt = 0; batchAt < batches; batchAt++) {
            multiply(a, batchAt * m * k, b, batchAt * k * n, out, batchAt * m * n, m, k, n);
        }
        return new NamedTensor(order, newSizes, out);
    }

    /** Batches are many and small: not worth a call out. */
    private static void multiply(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt, int m, int k, int n) {
        for (int i = 0; i < m; i++) {
            for (int l = 0; l < k; l++) {
                double factor = a[aAt + i * k + l];
                for (int j = 0; j < n; j++) {
                    c[cAt + i * n + j] += factor * b[bAt + l * n + j];
                }
            }
        }
    }

    @SafeVarargs
    private static List<String> concat(List<String>... lists) {
        List<String> all = new ArrayList<>();
        for (List<String> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    /** The largest absolute value of an element. */
    public double maxAbs() {
        double max = 0;
        for (double value : data) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }

    /** Divided by {@code divisor}. */
    public NamedTensor dividedBy(double divisor) {
        double[] out = data.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] /= divisor;
        }
        return new NamedTensor(names, sizes, out);
    }
}
