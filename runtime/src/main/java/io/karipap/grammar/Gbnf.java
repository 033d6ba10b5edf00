package io.karipap.grammar;

import io.karipap.grammar.Grammar.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a grammar of GBNF as llama.cpp reads it: rules, texts, classes of characters, groups, alternatives, repetitions, tokens by their id.
 * Rules that do not contain themselves are written out where they are small.
 */
final class Gbnf {
    private static final int MAX_WRITTEN_OUT = 300;

    private final Map<String, GbnfNode> rules;
    private final Map<String, Rule> declared = new HashMap<>();
    private final Map<String, Grammar> made = new LinkedHashMap<>();
    private final Set<String> open = new HashSet<>();

    private Gbnf(Map<String, GbnfNode> rules) {
        this.rules = rules;
    }

    /** @throws GrammarException if the grammar is wrong, allows no text, is too large, or a rule begins with itself */
    static Grammar parse(String text) {
        Map<String, GbnfNode> rules = new GbnfParser(text).rules();
        if (!rules.containsKey("root")) {
            throw GrammarException.of("the grammar", "has no rule root");
        }
        Grammar root;
        try {
            root = new Gbnf(rules).rule("root");
        } catch (TooLargeException e) {
            throw GrammarException.of("the grammar", e.getMessage());
        }
        Automaton.of(root); // refuses what cannot be honoured
        return root;
    }

    /** The form of a rule: what it says, or the rule itself where it contains itself or is large. */
    private Grammar rule(String name) {
        Grammar known = made.get(name);
        if (known != null) {
            return known;
        }
        if (!open.add(name)) {
            return declared.computeIfAbsent(name, Rule::new);
        }
        Grammar definition = grammar(rules.get(name));
        open.remove(name);
        Rule rule = declared.get(name);
        if (rule == null && size(definition, MAX_WRITTEN_OUT) < MAX_WRITTEN_OUT) {
            made.put(name, definition);
            return definition;
        }
        rule = rule == null ? new Rule(name) : rule;
        rule.define(definition);
        made.put(name, rule);
        return rule;
    }

    private Grammar grammar(GbnfNode node) {
        return switch (node) {
            case GbnfNode.Text text -> Grammar.text(text.text());
            case GbnfNode.Characters characters -> CharacterCoding.PLAIN.one(characters.set());
            case GbnfNode.Reference reference -> rule(reference.name());
            case GbnfNode.TokenNumber token -> new TokenId(token.id());
            case GbnfNode.Repeat repeat -> new Repetition(grammar(repeat.element()), repeat.min(), repeat.max());
            case GbnfNode.Sequence sequence -> {
                List<Grammar> parts = new ArrayList<>();
                sequence.parts().forEach(part -> parts.add(grammar(part)));
                yield new Concatenation(parts);
            }
            case GbnfNode.Options options -> {
                List<Grammar> each = new ArrayList<>();
                options.options().forEach(option -> each.add(grammar(option)));
                yield new AnyOf(each);
            }
        };
    }

    /** Parts of a form, rules not followed; counted up to a limit. */
    private static int size(Grammar grammar, int limit) {
        return switch (grammar) {
            case Concatenation all -> size(all.parts(), limit);
            case AnyOf any -> size(any.options(), limit);
            case Repetition repetition -> 1 + size(repetition.element(), limit);
            default -> 1;
        };
    }

    private static int size(List<Grammar> parts, int limit) {
        int sum = 1;
        for (Grammar part : parts) {
            sum += sum < limit ? size(part, limit - sum) : 0;
        }
        return sum;
    }
}
