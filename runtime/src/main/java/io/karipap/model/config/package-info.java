/**
 * What a model computes, in parts that no family owns: sizes, norms, attention, rotary positions, the MLP, multipliers, and the names of the
 * tensors. Letters as in {@code io.karipap.model}.
 */
package io.karipap.model.config;
