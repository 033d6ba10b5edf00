package io.karipap.grammar;

import java.util.List;

/** A regular expression over characters. */
sealed interface RegexNode {
    RegexNode EMPTY = new Sequence(List.of());
    RegexNode ANYTHING = new Repeat(new Characters(CodePoints.ALL), 0, Grammar.UNBOUNDED);

    /** One character of a set. */
    record Characters(CodePoints set) implements RegexNode {}

    /** All parts, one after the other. */
    record Sequence(List<RegexNode> parts) implements RegexNode {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** Any one of the options. */
    record Options(List<RegexNode> options) implements RegexNode {
        public Options {
            options = List.copyOf(options);
        }
    }

    /** @param max {@link Grammar#UNBOUNDED} for any number */
    record Repeat(RegexNode element, int min, int max) implements RegexNode {}

    /** The beginning or the end of the text. */
    record Anchor(boolean atEnd) implements RegexNode {}
}
