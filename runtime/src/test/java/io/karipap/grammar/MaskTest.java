package io.karipap.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random grammars over three letters, with rules that contain themselves, counters and ambiguity: their texts are those that a search through
 * all ways finds, and their masks are the tokens after which a text can still be completed.
 */
class MaskTest {
    private static final int MAX_LENGTH = 6;

    private final List<byte[]> tokens = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    MaskTest() {
        texts.add("");
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).length() < MAX_LENGTH) {
                for (char c : "abc".toCharArray()) {
                    texts.add(texts.get(i) + c);
                }
            }
        }
        for (String text : texts) {
            if (text.length() <= 4) {
                tokens.add(text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Draws forms; rules are used below something that takes a letter first, so that none begins with itself. */
    private static final class Drawn {
        private final Random random;
        private final Grammar.Rule[] rules = {new Grammar.Rule("r"), new Grammar.Rule("s")};

        Drawn(Random random) {
            this.random = random;
            for (Grammar.Rule rule : rules) {
                rule.define(Grammar.choice(form(3, false), Grammar.text("c")));
            }
        }

        Grammar form(int depth, boolean begun) {
            if (depth == 0) {
                return letters();
            }
            return switch (random.nextInt(begun ? 8 : 7)) {
                case 0, 1 -> Grammar.sequence(letters(), form(depth - 1, true), form(depth - 1, true));
                case 2 -> Grammar.choice(form(depth - 1, begun), form(depth - 1, begun));
                case 3 -> Grammar.repeat(form(depth - 1, begun), random.nextInt(3), 2 + random.nextInt(3));
                case 4 -> Grammar.repeat(form(depth - 1, begun), random.nextInt(3), Grammar.UNBOUNDED);
                case 5 -> Grammar.optional(form(depth - 1, begun));
                case 6 -> new Terminal(Determinizer.dfa(Grammar.repeat(letters(), random.nextInt(2), 3)));
                default -> rules[random.nextInt(2)];
            };
        }

        private Grammar letters() {
            return switch (random.nextInt(4)) {
                case 0 -> Grammar.text("a");
                case 1 -> Grammar.text("bc");
                case 2 -> Grammar.range('a', 'b');
                default -> Grammar.choice(Grammar.text("b"), Grammar.text("ab"));
            };
        }
    }

    /** All places where a form that begins at a place may end. */
    private static final class Search {
        private record Question(Grammar grammar, int from) {}

        private final String text;
        private final Map<Question, Set<Integer>> known = new HashMap<>();

        Search(String text) {
            this.text = text;
        }

        Set<Integer> ends(Grammar grammar, int from) {
            Question question = new Question(grammar, from);
            Set<Integer> answer = known.get(question);
            if (answer == null) {
                answer = search(grammar, from);
                known.put(question, answer);
            }
            return answer;
        }

        private Set<Integer> search(Grammar grammar, int from) {
            Set<Integer> ends = new HashSet<>();
            switch (grammar) {
                case OneByte one -> {
                    if (from < text.length() && one.bytes().contains(text.charAt(from))) {
                        ends.add(from + 1);
                    }
                }
                case Concatenation all -> {
                    ends.add(from);
                    for (Grammar part : all.parts()) {
                        Set<Integer> next = new HashSet<>();
                        ends.forEach(end -> next.addAll(ends(part, end)));
                        ends = next;
                    }
                }
                case AnyOf any -> {
                    for (Grammar option : any.options()) {
                        ends.addAll(ends(option, from));
                    }
                }
                case Repetition repetition -> {
                    Set<Integer> reached = Set.of(from);
                    int most = Math.min(repetition.max(), MAX_LENGTH + 3);
                    for (int times = 0; times <= most; times++) {
                        if (times >= repetition.min()) {
                            ends.addAll(reached);
                        }
                        Set<Integer> next = new HashSet<>();
                        reached.forEach(end -> next.addAll(ends(repetition.element(), end)));
                        reached = next;
                    }
                }
                case Terminal terminal -> {
                    for (int to = from; to <= text.length(); to++) {
                        if (terminal.dfa().matches(text.substring(from, to).getBytes(StandardCharsets.UTF_8))) {
                            ends.add(to);
                        }
                    }
                }
                case Grammar.Rule rule -> ends.addAll(ends(rule.definition(), from));
                default -> throw new IllegalArgumentException();
            }
            return ends;
        }
    }

    @Test
    void textsAndMasksAreThoseOfASearch() {
        VocabularyTrie vocabulary = new VocabularyTrie(tokens);
        int compared = 0;
        for (int seed = 0; seed < 250; seed++) {
            Grammar grammar = new Drawn(new Random(seed)).form(4, false);
            Automaton automaton = Automaton.of(grammar);
            Set<String> beginnings = new HashSet<>();
            for (String text : texts) {
                boolean found = new Search(text).ends(grammar, 0).contains(text.length());
                boolean matched = new Machine(automaton).matches(text.getBytes(StandardCharsets.UTF_8));
                assertThat(matched).as("%d: %s by %s", seed, text, grammar).isEqualTo(found);
                for (int end = 0; found && end <= text.length(); end++) {
                    beginnings.add(text.substring(0, end));
                }
            }
            for (String prefix : List.of("", "a", "b", "bc", "ab")) {
                GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
                if (!beginnings.contains(prefix)) {
                    continue;
                }
                cursor.accept(prefix.getBytes(StandardCharsets.UTF_8));
                BitSet stepwise = stepwise(grammar, vocabulary, prefix);
                BitSet allowed = cursor.allowed();
                assertThat(allowed)
                        .as("%d: after %s by %s", seed, prefix, grammar)
                        .isEqualTo(stepwise);
                for (int token = 1; token < tokens.size(); token++) {
                    String text = prefix + new String(tokens.get(token), StandardCharsets.UTF_8);
                    if (beginnings.contains(text)) {
                        assertThat(allowed.get(token))
                                .as("%d: %s by %s", seed, text, grammar)
                                .isTrue();
                    }
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(400);
    }

    /** Tokens whose bytes the grammar takes one after the other; a few steps at a time, too, must find the same. */
    private BitSet stepwise(Grammar grammar, VocabularyTrie vocabulary, String prefix) {
        GrammarCursor slow = new GrammarCursor(grammar, vocabulary);
        slow.accept(prefix.getBytes(StandardCharsets.UTF_8));
        int calls = 0;
        while (!slow.prepare(3)) {
            calls++;
        }
        BitSet all = new BitSet();
        for (int token = 1; token < tokens.size(); token++) {
            GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
            cursor.accept(prefix.getBytes(StandardCharsets.UTF_8));
            try {
                cursor.accept(tokens.get(token));
                all.set(token);
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        assertThat(slow.allowed()).as("in %d calls", calls).isEqualTo(all);
        return all;
    }

    @Test
    void everyPlaceThatIsReachedCanBeCompleted() {
        VocabularyTrie vocabulary = new VocabularyTrie(tokens);
        for (int seed = 0; seed < 250; seed++) {
            Random random = new Random(seed);
            GrammarCursor cursor = new GrammarCursor(new Drawn(random).form(4, false), vocabulary);
            for (int i = 0; i < 40 && !cursor.finished(); i++) {
                int[] allowed = cursor.allowed().stream().toArray();
                assertThat(allowed.length > 0 || cursor.complete())
                        .as("%d", seed)
                        .isTrue();
                cursor.accept(tokens.get(allowed[random.nextInt(allowed.length)]));
            }
        }
    }
}
