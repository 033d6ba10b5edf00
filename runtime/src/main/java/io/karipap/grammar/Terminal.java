package io.karipap.grammar;

/**
 * A text that an automaton accepts; it is found whole, whatever stands around it, so that what is known of the automaton and a vocabulary is
 * shared by all places where it stands.
 */
record Terminal(Dfa dfa) implements Grammar {}
