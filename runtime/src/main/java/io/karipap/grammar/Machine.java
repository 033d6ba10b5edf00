package io.karipap.grammar;

import io.karipap.grammar.Automaton.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows texts through a grammar, byte by byte. What has been found is kept, so that a way that was gone before costs a look-up; what is
 * kept is bounded. Not thread-safe.
 */
final class Machine {
    /** Most configurations that are kept, and most stacks. */
    private static final int MAX_KEPT = 2_000;

    private final Automaton automaton;
    private final Map<Config, Config> configs = new HashMap<>();
    private final Map<Entry, Config> entered = new HashMap<>();
    private Stacks stacks = new Stacks();
    private int maskBytes;

    private record Entry(int position, Stack stack) {}

    Machine(Automaton automaton) {
        this.automaton = automaton;
    }

    Automaton automaton() {
        return automaton;
    }

    Config start() {
        Ways ways = new Ways(automaton, stacks);
        Closure closure = new Closure(automaton, stacks, ways);
        closure.addStart();
        closure.run();
        return kept(ways.config());
    }

    /** The configuration after one more byte, or null if the grammar does not allow it. */
    Config next(Config config, int b) {
        if (!config.first().contains(b)) {
            return null;
        }
        Config known = config.next(b);
        if (known == null) {
            known = step(config, b);
            config.remember(b, known);
        }
        return known;
    }

    private Config step(Config config, int b) {
        Ways ways = new Ways(automaton, stacks);
        Closure closure = null;
        for (int i = 0; i < config.size(); i++) {
            int position = config.position(i);
            if (automaton.kind()[position] != Kind.TERMINAL) {
                continue;
            }
            Dfa dfa = automaton.dfa(position);
            Counted counted = automaton.counted(position);
            int state = config.state(i);
            int count = config.count(i);
            int next = dfa.next(state, b);
            if (next < 0 || counted != null && state == 0 && !CountedStep.allows(counted, count, b)) {
                continue;
            }
            if (counted != null && next == 0) {
                count = CountedStep.next(counted, count);
            }
            if (CountedStep.continues(dfa, counted, next, count)) {
                ways.add(position, next, count, config.stack(i));
            }
            if (CountedStep.accepts(dfa, counted, next, count)) {
                closure = closure == null ? new Closure(automaton, stacks, ways) : closure;
                closure.add(automaton.target()[position], config.stack(i));
            }
        }
        if (closure != null) {
            closure.run();
        }
        return kept(ways.config());
    }

    /** Whether the grammar has all of a text. */
    boolean matches(byte[] text) {
        Config config = start();
        for (int i = 0; i < text.length && config != null; i++) {
            config = next(config, text[i] & 0xff);
        }
        return config != null && config.complete();
    }

    boolean names(Config config, int token) {
        for (int i = 0; i < config.size(); i++) {
            int position = config.position(i);
            if (automaton.kind()[position] == Kind.TOKEN && automaton.argument()[position] == token) {
                return true;
            }
        }
        return false;
    }

    /** The configuration after a token that is named by the grammar, or null if it is not allowed. */
    Config nextToken(Config config, int token) {
        if (!names(config, token)) {
            return null;
        }
        Ways ways = new Ways(automaton, stacks);
        Closure closure = new Closure(automaton, stacks, ways);
        for (int i = 0; i < config.size(); i++) {
            int position = config.position(i);
            if (automaton.kind()[position] == Kind.TOKEN && automaton.argument()[position] == token) {
                closure.add(automaton.target()[position], config.stack(i));
            }
        }
        closure.run();
        return kept(ways.config());
    }

    /** The configuration that either leads to; one of them may be null. */
    Config union(Config a, Config b) {
        if (a == null || b == null || a == b) {
            return a == null ? b : a;
        }
        Ways ways = new Ways(automaton, stacks);
        for (Config config : List.of(a, b)) {
            for (int i = 0; i < config.size(); i++) {
                ways.add(config.position(i), config.state(i), config.count(i), config.stack(i));
            }
            if (config.complete()) {
                ways.complete();
            }
        }
        return kept(ways.config());
    }

    /** The configuration behind the terminal of one way of {@code config}. */
    Config behind(Config config, int way) {
        Entry entry = new Entry(automaton.target()[config.position(way)], config.stack(way));
        Config known = entered.get(entry);
        if (known == null) {
            Ways ways = new Ways(automaton, stacks);
            Closure closure = new Closure(automaton, stacks, ways);
            closure.add(entry.position(), entry.stack());
            closure.run();
            known = kept(ways.config());
            entered.put(entry, known);
        }
        return known;
    }

    /** The configuration of one way of {@code config}. */
    Config only(Config config, int way) {
        if (config.size() == 1) {
            return config;
        }
        Ways ways = new Ways(automaton, stacks);
        ways.add(config.position(way), config.state(way), config.count(way), config.stack(way));
        return kept(ways.config());
    }

    private Config kept(Config config) {
        Config known = configs.putIfAbsent(config, config);
        return known == null ? config : known;
    }

    /** Configurations and stacks that are kept. */
    int kept() {
        return configs.size() + entered.size() + stacks.size();
    }

    void keepMask(Config config, Mask mask) {
        config.setMask(mask);
        maskBytes += mask.size();
    }

    /** Forgets what is known where it is too much; returns the configuration that goes on in place of {@code current}. */
    Config trimmed(Config current, int maxMaskBytes) {
        if (configs.size() < MAX_KEPT && stacks.size() < MAX_KEPT && maskBytes < maxMaskBytes) {
            return current;
        }
        List<Stack> kept = new ArrayList<>();
        for (int i = 0; i < current.size(); i++) {
            kept.add(current.stack(i));
        }
        stacks = new Stacks();
        Map<Stack, Stack> copies = stacks.copies(kept);
        configs.clear();
        entered.clear();
        maskBytes = 0;
        Ways ways = new Ways(automaton, stacks);
        for (int i = 0; i < current.size(); i++) {
            ways.add(current.position(i), current.state(i), current.count(i), copies.get(current.stack(i)));
        }
        if (current.complete()) {
            ways.complete();
        }
        return kept(ways.config());
    }
}
