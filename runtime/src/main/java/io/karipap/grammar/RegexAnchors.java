package io.karipap.grammar;

import java.util.ArrayList;
import java.util.List;

/** Replaces anchors by what may stand before and after a match; they are understood where they begin or end an alternative. */
final class RegexAnchors {
    private final String pattern;
    private final boolean wholly;

    private RegexAnchors(String pattern, boolean wholly) {
        this.pattern = pattern;
        this.wholly = wholly;
    }

    /** Texts in which a match is everything. */
    static RegexNode wholly(RegexNode node, String pattern) {
        return new RegexAnchors(pattern, true).alternatives(node);
    }

    /** Texts in which there is a match. */
    static RegexNode somewhere(RegexNode node, String pattern) {
        return new RegexAnchors(pattern, false).alternatives(node);
    }

    private RegexNode alternatives(RegexNode node) {
        List<RegexNode> all = new ArrayList<>();
        for (RegexNode alternative : split(node)) {
            all.add(bounded(alternative));
        }
        return all.size() == 1 ? all.getFirst() : new RegexNode.Options(all);
    }

    /** Alternatives on top, those within a group that is all of one, too, and those of a group next to an anchor that has any. */
    private static List<RegexNode> split(RegexNode node) {
        if (node instanceof RegexNode.Options options) {
            List<RegexNode> all = new ArrayList<>();
            options.options().forEach(option -> all.addAll(split(option)));
            return all;
        }
        if (node instanceof RegexNode.Sequence sequence) {
            List<RegexNode> parts = sequence.parts();
            if (parts.size() == 1) {
                return split(parts.getFirst());
            }
            for (int i = 0; i < parts.size(); i++) {
                boolean atEdge = i == 0 || i == parts.size() - 1;
                if (atEdge && parts.get(i) instanceof RegexNode.Options options && anchored(options)) {
                    List<RegexNode> all = new ArrayList<>();
                    for (RegexNode option : options.options()) {
                        List<RegexNode> copy = new ArrayList<>(parts.subList(0, i));
                        if (option instanceof RegexNode.Sequence inner) {
                            copy.addAll(inner.parts());
                        } else {
                            copy.add(option);
                        }
                        copy.addAll(parts.subList(i + 1, parts.size()));
                        all.addAll(split(new RegexNode.Sequence(copy)));
                    }
                    return all;
                }
            }
        }
        return List.of(node);
    }

    private static boolean anchored(RegexNode node) {
        return switch (node) {
            case RegexNode.Anchor anchor -> true;
            case RegexNode.Sequence sequence -> sequence.parts().stream().anyMatch(RegexAnchors::anchored);
            case RegexNode.Options options -> options.options().stream().anyMatch(RegexAnchors::anchored);
            case RegexNode.Repeat repeat -> anchored(repeat.element());
            case RegexNode.Characters characters -> false;
        };
    }

    private RegexNode bounded(RegexNode alternative) {
        List<RegexNode> parts = new ArrayList<>(
                alternative instanceof RegexNode.Sequence sequence ? sequence.parts() : List.of(alternative));
        boolean begins = wholly;
        boolean ends = wholly;
        while (!parts.isEmpty() && parts.getFirst().equals(new RegexNode.Anchor(false))) {
            parts.removeFirst();
            begins = true;
        }
        while (!parts.isEmpty() && parts.getLast().equals(new RegexNode.Anchor(true))) {
            parts.removeLast();
            ends = true;
        }
        if (parts.stream().anyMatch(RegexAnchors::anchored)) {
            throw RegexParser.wrong(pattern, "has ^ or $ in the middle, which is not supported");
        }
        if (!begins) {
            parts.addFirst(RegexNode.ANYTHING);
        }
        if (!ends) {
            parts.addLast(RegexNode.ANYTHING);
        }
        return new RegexNode.Sequence(parts);
    }
}
