/** Texts, vocabularies and models that tests read. */
package io.karipap.testing;
