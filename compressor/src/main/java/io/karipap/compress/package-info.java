/**
 * One compression from a dense directory to a Karipap directory, and its report: calibrate, factor, weigh, choose within the budget, build
 * the sites, write, measure. The door is {@link io.karipap.compress.Compressor}; behind it the rooms below are called in this order, and what
 * came of it is written down with where it came from.
 */
package io.karipap.compress;
