package io.karipap.chat.format;

import io.karipap.grammar.Grammar;
import io.karipap.tokenizer.Tokenizer;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands around calls and thoughts: special tokens where the vocabulary has them, else text. */
final class Marks {
    private final Tokenizer tokenizer;

    Marks(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    private OptionalInt special(String mark) {
        OptionalInt id = tokenizer.id(mark);
        return id.isPresent() && tokenizer.isSpecial(id.getAsInt()) ? id : OptionalInt.empty();
    }

    /** A mark as part of a grammar. */
    Grammar grammar(String mark) {
        OptionalInt id = special(mark);
        return id.isPresent() ? Grammar.token(id.getAsInt()) : Grammar.text(mark);
    }

    /** Any text before a mark. */
    Grammar textBefore(String mark) {
        return special(mark).isPresent() ? Grammar.freeText() : Grammar.freeText(mark);
    }

    /** Those of {@code marks} that are special tokens, which a text shows only if it is told to. */
    Set<Integer> shown(Collection<String> marks) {
        return marks.stream().flatMap(mark -> special(mark).stream().boxed()).collect(Collectors.toSet());
    }
}
