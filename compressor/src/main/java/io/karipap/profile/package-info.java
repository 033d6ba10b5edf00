/** Pictures of where a model has room: spectra and entanglement entropies of its operators. */
package io.karipap.profile;
