package io.karipap.grammar;

import io.karipap.grammar.Automaton.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which rules a rule may begin with: the strongly connected components of that relation (Tarjan), and their order. */
final class LeftCalls {
    private final Automaton automaton;
    private final boolean[] live;
    private final boolean[] empty;
    private final boolean[] tail;
    private final List<Set<Integer>> calls = new ArrayList<>();
    private final List<Set<Integer>> tailCalls = new ArrayList<>();
    private final int[] order;
    private final int[][] together;
    private final int[] index;
    private final int[] low;
    private final boolean[] onStack;
    private final Deque<Integer> stack = new ArrayDeque<>();
    private final List<List<Integer>> components = new ArrayList<>();
    private int visited;

    LeftCalls(Automaton automaton, boolean[] live, boolean[] empty, boolean[] tail, List<String> names, String what) {
        this.automaton = automaton;
        this.live = live;
        this.empty = empty;
        this.tail = tail;
        int rules = automaton.starts().length;
        order = new int[rules];
        together = new int[rules][];
        index = new int[rules];
        low = new int[rules];
        onStack = new boolean[rules];
        for (int rule = 0; rule < rules; rule++) {
            calls.add(new LinkedHashSet<>());
            tailCalls.add(new LinkedHashSet<>());
            collect(rule);
        }
        for (int rule = 0; rule < rules; rule++) {
            if (index[rule] == 0) {
                visit(rule);
            }
        }
        int next = rules;
        for (List<Integer> component : components) { // what is called comes before what calls it
            for (int rule : component) {
                order[rule] = --next;
            }
            check(component, names, what);
        }
    }

    int[] order() {
        return order;
    }

    int[][] together() {
        return together;
    }

    private void collect(int rule) {
        Deque<Integer> open = new ArrayDeque<>();
        Set<Integer> seen = new LinkedHashSet<>();
        open.push(automaton.starts()[rule]);
        while (!open.isEmpty()) {
            int position = open.pop();
            if (!live[position] || !seen.add(position)) {
                continue;
            }
            Kind kind = automaton.kind()[position];
            int target = automaton.target()[position];
            if (kind == Kind.BRANCH) {
                Arrays.stream(automaton.branches()[position]).forEach(open::push);
            } else if (kind == Kind.CALL || kind == Kind.LOOP) {
                int called = automaton.argument()[position];
                (kind == Kind.CALL && tail[target] ? tailCalls : calls)
                        .get(rule)
                        .add(called);
                if (empty[called] || kind == Kind.LOOP && automaton.loops()[position][0] == 0) {
                    open.push(target);
                }
            } else if (kind == Kind.TERMINAL && AutomatonFacts.mayBeEmpty(automaton, position)) {
                open.push(target);
            }
        }
    }

    private void visit(int rule) {
        index[rule] = ++visited;
        low[rule] = visited;
        stack.push(rule);
        onStack[rule] = true;
        for (Set<Integer> edges : List.of(calls.get(rule), tailCalls.get(rule))) {
            for (int called : edges) {
                if (index[called] == 0) {
                    visit(called);
                    low[rule] = Math.min(low[rule], low[called]);
                } else if (onStack[called]) {
                    low[rule] = Math.min(low[rule], index[called]);
                }
            }
        }
        if (low[rule] == index[rule]) {
            List<Integer> component = new ArrayList<>();
            int member;
            do {
                member = stack.pop();
                onStack[member] = false;
                component.add(member);
            } while (member != rule);
            components.add(component);
        }
    }

    private void check(List<Integer> component, List<String> names, String what) {
        for (int rule : component) {
            for (int called : calls.get(rule)) {
                if (component.contains(called)) {
                    String name = names.get(rule).isEmpty() ? names.get(called) : names.get(rule);
                    throw GrammarException.of(
                            what,
                            "has " + (name.isEmpty() ? "a rule" : "the rule " + name)
                                    + " that begins with itself (left recursion), which is not supported");
                }
            }
            Set<Integer> reached = new LinkedHashSet<>();
            Deque<Integer> open = new ArrayDeque<>(List.of(rule));
            while (!open.isEmpty()) {
                for (int called : tailCalls.get(open.pop())) {
                    if (component.contains(called) && called != rule && reached.add(called)) {
                        open.push(called);
                    }
                }
            }
            together[rule] = reached.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
