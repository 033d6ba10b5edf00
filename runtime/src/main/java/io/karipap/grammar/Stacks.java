package io.karipap.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes stacks, no two that are alike. Not thread-safe. */
final class Stacks {
    /** Most ways to return: where it is reached, a grammar is too ambiguous. */
    private static final int MAX_FRAMES = 4_096;

    private static final Comparator<Frame> ORDER = Comparator.comparingInt(Frame::position)
            .thenComparingInt(Frame::count)
            .thenComparingInt(
                    frame -> frame.below() == null ? -1 : frame.below().id());

    private final Map<Key, Stack> known = new HashMap<>();
    private final Stack bottom;
    private int made;

    /** One way to return. */
    record Frame(int position, int count, Stack below) {}

    private record Key(Stack stack) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && stack.sameStructure(key.stack);
        }

        @Override
        public int hashCode() {
            return stack.structureHash();
        }
    }

    Stacks() {
        bottom = of(Set.of(new Frame(Stack.NOWHERE, 0, null)));
    }

    /** Where the text ends. */
    Stack bottom() {
        return bottom;
    }

    int size() {
        return known.size();
    }

    /** The stack that returns in any of these ways. */
    Stack of(Set<Frame> frames) {
        if (frames.size() > MAX_FRAMES) {
            throw new TooLargeException("is too ambiguous here: there are more than " + MAX_FRAMES + " ways to go on");
        }
        List<Frame> sorted = new ArrayList<>(frames);
        if (sorted.size() > 1) {
            sorted.sort(ORDER);
        }
        int[] positions = new int[sorted.size()];
        int[] counts = new int[positions.length];
        Stack[] below = new Stack[positions.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = sorted.get(i).position();
            counts[i] = sorted.get(i).count();
            below[i] = sorted.get(i).below();
        }
        Stack stack = new Stack(positions, counts, below, made);
        Stack same = known.putIfAbsent(new Key(stack), stack);
        if (same == null) {
            made++;
            return stack;
        }
        return same;
    }

    /** Adds the ways to return of {@code stack}. */
    static void addFrames(Stack stack, Set<Frame> frames) {
        for (int i = 0; i < stack.frames(); i++) {
            frames.add(new Frame(stack.position(i), stack.count(i), stack.below(i)));
        }
    }

    /** The stack that returns as either does. */
    Stack union(Stack a, Stack b) {
        if (a == b) {
            return a;
        }
        Set<Frame> frames = new LinkedHashSet<>();
        addFrames(a, frames);
        addFrames(b, frames);
        return of(frames);
    }

    /** The same stacks, made here; {@code stacks} are those of another maker. */
    Map<Stack, Stack> copies(Iterable<Stack> stacks) {
        Set<Stack> all = new LinkedHashSet<>();
        Deque<Stack> open = new ArrayDeque<>();
        stacks.forEach(open::add);
        while (!open.isEmpty()) {
            Stack stack = open.remove();
            if (all.add(stack)) {
                for (int i = 0; i < stack.frames(); i++) {
                    if (stack.below(i) != null) {
                        open.add(stack.below(i));
                    }
                }
            }
        }
        List<Stack> oldestFirst = new ArrayList<>(all); // what is below was made before
        oldestFirst.sort(Comparator.comparingInt(Stack::id));
        Map<Stack, Stack> copies = new IdentityHashMap<>();
        for (Stack stack : oldestFirst) {
            Set<Frame> frames = new LinkedHashSet<>();
            for (int i = 0; i < stack.frames(); i++) {
                frames.add(new Frame(stack.position(i), stack.count(i), copies.get(stack.below(i))));
            }
            copies.put(stack, of(frames));
        }
        return copies;
    }
}
