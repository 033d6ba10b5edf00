package io.karipap.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of Unicode's code points, surrogates left out.
 *
 * @param ranges disjoint and sorted, no two of them adjacent
 */
record CodePoints(List<Range> ranges) {
    static final CodePoints ALL = of(0, Character.MAX_CODE_POINT);

    /** All code points of {@code from} to {@code to}, inclusive. */
    record Range(int from, int to) {}

    static CodePoints of(int from, int to) {
        return union(List.of(new Range(from, to)));
    }

    static CodePoints of(int codePoint) {
        return of(codePoint, codePoint);
    }

    /** The union of ranges in any order. */
    static CodePoints union(List<Range> parts) {
        List<Range> split = new ArrayList<>();
        for (Range part : parts) {
            if (part.from() < Character.MIN_SURROGATE) {
                split.add(new Range(part.from(), Math.min(part.to(), Character.MIN_SURROGATE - 1)));
            }
            if (part.to() > Character.MAX_SURROGATE) {
                split.add(new Range(Math.max(part.from(), Character.MAX_SURROGATE + 1), part.to()));
            }
        }
        split.sort(Comparator.comparingInt(Range::from));
        List<Range> merged = new ArrayList<>();
        for (Range next : split) {
            Range last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && next.from() <= last.to() + 1) {
                merged.set(merged.size() - 1, new Range(last.from(), Math.max(last.to(), next.to())));
            } else {
                merged.add(next);
            }
        }
        return new CodePoints(List.copyOf(merged));
    }

    CodePoints with(CodePoints other) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return union(all);
    }

    CodePoints complement() {
        List<Range> rest = new ArrayList<>();
        int from = 0;
        for (Range range : ranges) {
            if (range.from() > from) {
                rest.add(new Range(from, range.from() - 1));
            }
            from = range.to() + 1;
        }
        if (from <= Character.MAX_CODE_POINT) {
            rest.add(new Range(from, Character.MAX_CODE_POINT));
        }
        return union(rest);
    }

    CodePoints without(CodePoints other) {
        return complement().with(other).complement();
    }

    boolean contains(int codePoint) {
        return ranges.stream().anyMatch(range -> codePoint >= range.from() && codePoint <= range.to());
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }
}
