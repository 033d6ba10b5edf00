/**
 * Packed weights kept in files, so that the next start maps them instead of packing again. Such a file is never needed: what is damaged or
 * belongs to something else is made anew.
 */
package io.karipap.format.packed;
