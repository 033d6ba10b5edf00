package io.karipap.operator;

import io.karipap.format.Tensor;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import java.util.List;
import java.util.Optional;

/** A weight matrix W {@code [m, n]} of the dense model, read from disk when it is needed. */
public final class Operator {
    private final String name;
    private final int rows;
    private final int columns;
    private final WeightType type;
    private final OperatorSource source;
    private final Optional<Place> place;
    private final double sensitivity;

    private Operator(Operator like, Optional<Place> place, double sensitivity) {
        this.name = like.name;
        this.rows = like.rows;
        this.columns = like.columns;
        this.type = like.type;
        this.source = like.source;
        this.place = place;
        this.sensitivity = sensitivity;
    }

    /**
     * An operator of sensitivity 1 that reads nowhere.
     *
     * @param tensor its header: name, shape {@code [m, n]} and type
     * @param source reads what belongs to it
     */
    public Operator(Tensor tensor, OperatorSource source) {
        List<Integer> shape = tensor.shape();
        this.name = tensor.name();
        this.rows = shape.get(0);
        this.columns = shape.get(1);
        this.type = tensor.fileType();
        this.source = source;
        this.place = Optional.empty();
        this.sensitivity = 1;
    }

    /** The same, reading what flows at {@code other}. */
    Operator at(Place other) {
        return new Operator(this, Optional.of(other), sensitivity);
    }

    /**
     * The same, weighed.
     *
     * @param nats per token that a relative error of 1 is expected to cost
     */
    public Operator withSensitivity(double nats) {
        return new Operator(this, place, nats);
    }

    /** Name of its tensor. */
    public String name() {
        return name;
    }

    /** m. */
    public int rows() {
        return rows;
    }

    /** n. */
    public int columns() {
        return columns;
    }

    /** m·n. */
    public long parameters() {
        return (long) rows * columns;
    }

    /** How the dense model stores it. */
    public WeightType type() {
        return type;
    }

    /** What it reads; nothing for an embedding whose rows are only looked up. */
    public Optional<Place> place() {
        return place;
    }

    /** Nats per token that a relative error of 1 is expected to cost. */
    public double sensitivity() {
        return sensitivity;
    }

    /** W, from disk. */
    public Matrix weights() {
        return source.weights();
    }

    /** How its errors are weighed, from disk. */
    public Metric metric() {
        return source.metric();
    }

    /** How often each row counts {@code [m]}: for an embedding, how often its token occurs. Nothing where all count alike. */
    public Optional<double[]> rowWeights() {
        return source.rowWeights();
    }

    /** Name for a file about it. */
    public String fileName(String what) {
        return name + "." + what;
    }
}
