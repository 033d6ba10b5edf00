/**
 * What numbers are stored as, and how sites are rounded to it: {@link io.karipap.code.StoredAs} says what a code is called and how many bytes
 * it takes, {@link io.karipap.code.SiteRounding} rounds the sites of operators with feedback, and {@link io.karipap.code.RoundingErrors}
 * predicts what that costs. Behind this door, codes; how a network looks and what a budget allows is not known here.
 */
package io.karipap.code;
