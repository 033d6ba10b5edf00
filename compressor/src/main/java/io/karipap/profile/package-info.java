/**
 * Pictures of where a model has room: spectra and entanglement entropies of its operators, from what
 * {@link io.karipap.environment.CalibratedModel} measures. Behind this door, charts.
 */
package io.karipap.profile;
