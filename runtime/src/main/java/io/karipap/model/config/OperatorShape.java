package io.karipap.model.config;

/**
 * A matrix of a model, y = W x.
 *
 * @param name of its tensor
 * @param out output features
 * @param in input features
 */
public record OperatorShape(String name, int out, int in) {}
