package io.karipap.grammar;

/** One token of the vocabulary, whatever its text. */
record TokenId(int id) implements Grammar {}
