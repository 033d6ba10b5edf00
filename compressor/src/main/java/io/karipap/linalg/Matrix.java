package io.karipap.linalg;

import java.util.Random;

/**
 * A matrix [rows, columns], row-major.
 *
 * @param data its elements; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Matrix(int rows, int columns, double[] data) {
    /** @throws IllegalArgumentException if there are not {@code rows·columns} elements */
    public Matrix {
        if ((long) rows * columns != data.length) {
            throw new IllegalArgumentException(
                    "a matrix of " + rows + "×" + columns + " cannot have " + data.length + " elements");
        }
    }

    /** Zeros. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
    }

    /** Ones on the diagonal. */
    public static Matrix identity(int size) {
        Matrix identity = zeros(size, size);
        for (int i = 0; i < size; i++) {
            identity.set(i, i, 1);
        }
        return identity;
    }

    /** Independent normal elements of mean 0 and variance 1. */
    public static Matrix gaussian(int rows, int columns, Random random) {
        Matrix matrix = zeros(rows, columns);
        for (int i = 0; i < matrix.data.length; i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return matrix;
    }

    public double get(int row, int column) {
        return data[row * columns + column];
    }

    public void set(int row, int column, double value) {
        data[row * columns + column] = value;
    }

    public Matrix copy() {
        return new Matrix(rows, columns, data.clone());
    }

    /** Rows [from, to). */
    public Matrix rows(int from, int to) {
        double[] part = new double[(to - from) * columns];
        System.arraycopy(data, from * columns, part, 0, part.length);
        return new Matrix(to - from, columns, part);
    }

    /** Columns [from, to). */
    public Matrix columns(int from, int to) {
        Matrix part = zeros(rows, to - from);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(data, row * columns + from, part.data, row * part.columns, part.columns);
        }
        return part;
    }

    public Matrix transposed() {
        Matrix transposed = zeros(columns, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed.data[column * rows + row] = data[row * columns + column];
            }
        }
        return transposed;
    }

    /** This + factor · other, in place. */
    public Matrix addInPlace(double factor, Matrix other) {
        for (int i = 0; i < data.length; i++) {
            data[i] += factor * other.data[i];
        }
        return this;
    }

    /** This − other. */
    public Matrix minus(Matrix other) {
        return copy().addInPlace(-1, other);
    }

    /** Adds {@code value} to the diagonal, in place. */
    public Matrix addToDiagonal(double value) {
        for (int i = 0; i < Math.min(rows, columns); i++) {
            data[i * columns + i] += value;
        }
        return this;
    }

    /** Multiplies column j by {@code factors[j]}, in place. */
    public Matrix scaleColumns(double[] factors) {
        for (int i = 0; i < data.length; i++) {
            data[i] *= factors[i % columns];
        }
        return this;
    }

    /** Multiplies row i by {@code factors[i]}, in place. */
    public Matrix scaleRows(double[] factors) {
        for (int i = 0; i < data.length; i++) {
            data[i] *= factors[i / columns];
        }
        return this;
    }

    /** Sum of the elements' products with those of {@code other}: the trace of thisᵀ · other. */
    public double dot(Matrix other) {
        double sum = 0;
        for (int i = 0; i < data.length; i++) {
            sum += data[i] * other.data[i];
        }
        return sum;
    }

    public double trace() {
        double sum = 0;
        for (int i = 0; i < Math.min(rows, columns); i++) {
            sum += get(i, i);
        }
        return sum;
    }

    /** The elements as floats. */
    public float[] toFloats() {
        float[] floats = new float[data.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) data[i];
        }
        return floats;
    }
}
