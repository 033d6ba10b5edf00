package io.karipap.grammar;

import java.nio.charset.StandardCharsets;

/** Whether a grammar has a text. */
final class Matching {
    private Matching() {}

    static boolean matches(Grammar grammar, String text) {
        Machine machine = new Machine(Automaton.of(grammar));
        Config config = machine.start();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            config = machine.next(config, each & 0xff);
            if (config == null) {
                return false;
            }
        }
        return config.complete();
    }
}
