package io.karipap.grammar;

import java.util.List;

/** The right side of a rule of GBNF. */
sealed interface GbnfNode {
    /** Exactly this text. */
    record Text(String text) implements GbnfNode {}

    /** One character of a set. */
    record Characters(CodePoints set) implements GbnfNode {}

    /** A rule. */
    record Reference(String name) implements GbnfNode {}

    /** A token. */
    record TokenNumber(int id) implements GbnfNode {}

    /** All parts, one after the other. */
    record Sequence(List<GbnfNode> parts) implements GbnfNode {}

    /** Any one of the options. */
    record Options(List<GbnfNode> options) implements GbnfNode {}

    /** @param max {@link Grammar#UNBOUNDED} for any number */
    record Repeat(GbnfNode element, int min, int max) implements GbnfNode {}
}
