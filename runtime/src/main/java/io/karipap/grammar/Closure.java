package io.karipap.grammar;

import io.karipap.grammar.Stacks.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Finds the terminals and tokens that may come next, as Earley's algorithm predicts and completes: a rule that is called from several places
 * at one point of the text is entered once, with a stack that returns to all of them. Rules are entered in an order in which all callers come
 * first; what a rule calls at its very end returns where the rule itself returns to.
 */
final class Closure {
    private final Automaton automaton;
    private final Stacks stacks;
    private final Ways ways;
    private final Set<Item> seen = new HashSet<>();
    private final Deque<Item> open = new ArrayDeque<>();
    private final Map<Integer, Set<Frame>> callers = new HashMap<>();
    private final PriorityQueue<Integer> called;

    private record Item(int position, int count, Stack stack) {}

    Closure(Automaton automaton, Stacks stacks, Ways ways) {
        this.automaton = automaton;
        this.stacks = stacks;
        this.ways = ways;
        int[] order = automaton.facts().order();
        this.called = new PriorityQueue<>(4, (a, b) -> Integer.compare(order[a], order[b]));
    }

    /** The text may go on at a position. */
    void add(int position, Stack stack) {
        add(position, 0, stack);
    }

    /** The text may go on at the beginning of the grammar. */
    void addStart() {
        call(0, Set.of(new Frame(Stack.NOWHERE, 0, null)));
        if (automaton.facts().empty()[0]) {
            ways.complete();
        }
    }

    /** Follows everything that needs no text. */
    void run() {
        follow(true);
        while (!called.isEmpty()) {
            int rule = called.remove();
            add(automaton.starts()[rule], 0, stacks.of(callers.get(rule)));
            follow(false);
        }
    }

    private void add(int position, int count, Stack stack) {
        if (automaton.facts().live()[position]) {
            Item item = new Item(position, count, stack);
            if (seen.add(item)) {
                open.add(item);
            }
        }
    }

    /** @param returns whether rules may end here: not if they have just been entered, since callers go past those that may be empty */
    private void follow(boolean returns) {
        while (!open.isEmpty()) {
            Item item = open.remove();
            int position = item.position();
            int target = automaton.target()[position];
            switch (automaton.kind()[position]) {
                case BRANCH -> {
                    for (int next : automaton.branches()[position]) {
                        add(next, 0, item.stack());
                    }
                }
                case TERMINAL -> {
                    ways.add(position, 0, 0, item.stack());
                    if (AutomatonFacts.mayBeEmpty(automaton, position)) {
                        add(target, 0, item.stack());
                    }
                }
                case TOKEN -> ways.add(position, 0, 0, item.stack());
                case CALL -> {
                    int rule = automaton.argument()[position];
                    enter(rule, new Frame(target, 0, item.stack()));
                    if (automaton.facts().empty()[rule]) {
                        add(target, 0, item.stack());
                    }
                }
                case LOOP -> loop(item, target);
                case END -> {
                    if (returns) {
                        leave(item.stack());
                    }
                }
            }
        }
    }

    private void loop(Item item, int target) {
        int rule = automaton.argument()[item.position()];
        int[] limits = automaton.loops()[item.position()];
        boolean empty = automaton.facts().empty()[rule];
        if (item.count() < limits[1]) {
            boolean last = limits[1] != Grammar.UNBOUNDED && item.count() + 1 == limits[1];
            int count = limits[1] == Grammar.UNBOUNDED ? Math.min(item.count() + 1, limits[0]) : item.count() + 1;
            enter(rule, last ? new Frame(target, 0, item.stack()) : new Frame(item.position(), count, item.stack()));
        }
        if (empty || item.count() >= limits[0]) {
            add(target, 0, item.stack());
        }
    }

    private void leave(Stack stack) {
        for (int i = 0; i < stack.frames(); i++) {
            if (stack.position(i) == Stack.NOWHERE) {
                ways.complete();
            } else {
                add(stack.position(i), stack.count(i), stack.below(i));
            }
        }
    }

    private void enter(int rule, Frame frame) {
        if (!automaton.facts().live()[automaton.starts()[rule]]) {
            return;
        }
        if (automaton.facts().tail()[frame.position()]) {
            Set<Frame> frames = new LinkedHashSet<>();
            Stacks.addFrames(frame.below(), frames);
            call(rule, frames);
        } else {
            call(rule, Set.of(frame));
        }
    }

    private void call(int rule, Set<Frame> frames) {
        addCallers(rule, frames);
        for (int other : automaton.facts().together()[rule]) {
            addCallers(other, frames);
        }
    }

    private void addCallers(int rule, Set<Frame> frames) {
        Set<Frame> known = callers.get(rule);
        if (known == null) {
            callers.put(rule, new LinkedHashSet<>(frames));
            called.add(rule);
        } else {
            known.addAll(frames);
        }
    }
}
