package io.karipap.model.config;

/** A norm's weight or a bias of {@code size} elements. */
public record VectorShape(String name, int size) {}
