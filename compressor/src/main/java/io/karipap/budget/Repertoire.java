package io.karipap.budget;

import io.karipap.ansatz.Ansatz;
import io.karipap.ansatz.PlainSvd;
import java.util.ArrayList;
import java.util.List;

/** The ansätze among which every cell of a model may choose. */
public sealed interface Repertoire {
    /** Per cell whichever loses least for its cost, of all that are {@linkplain Ansatz#automatic automatic}. */
    record Auto() implements Repertoire {
        @Override
        public String label() {
            return "auto";
        }

        @Override
        public List<Ansatz> ansatze() {
            return Ansatz.all().stream().filter(Ansatz::automatic).toList();
        }

        /** The mixture and every ansatz alone. */
        @Override
        public List<Repertoire> candidates() {
            List<Repertoire> candidates = new ArrayList<>(List.of(this));
            ansatze().forEach(ansatz -> candidates.add(new Only(ansatz)));
            return candidates;
        }
    }

    /** One, with what it needs beside it. */
    record Only(Ansatz ansatz) implements Repertoire {
        @Override
        public String label() {
            return ansatz.label();
        }

        @Override
        public List<Ansatz> ansatze() {
            List<Ansatz> all = new ArrayList<>();
            ansatz.beside().ifPresent(all::add);
            all.add(ansatz);
            return all;
        }
    }

    /** Plain SVDs: a baseline, to compare with. */
    record Baseline() implements Repertoire {
        @Override
        public String label() {
            return PlainSvd.LABEL;
        }

        @Override
        public List<Ansatz> ansatze() {
            return List.of();
        }
    }

    /** As people write it: {@code auto}, {@code low-rank}. */
    String label();

    /** Those that a cell may choose from. */
    List<Ansatz> ansatze();

    /** What is tried, of which the best is taken; a single one is taken untried. */
    default List<Repertoire> candidates() {
        return List.of(this);
    }

    /** Every one there is. */
    static List<Repertoire> all() {
        List<Repertoire> all = new ArrayList<>(List.of(new Auto()));
        Ansatz.all().forEach(ansatz -> all.add(new Only(ansatz)));
        all.add(new Baseline());
        return all;
    }

    /**
     * The one that is written so.
     *
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    static Repertoire named(String label) {
        return all().stream()
                .filter(each -> each.label().equalsIgnoreCase(label.replace('_', '-')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + String.join(
                                ", ", all().stream().map(Repertoire::label).toList()) + " but was '" + label
                        + "'"));
    }
}
