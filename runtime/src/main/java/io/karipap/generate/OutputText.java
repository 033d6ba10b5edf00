package io.karipap.generate;

import io.karipap.grammar.GrammarCursor;
import io.karipap.tokenizer.StreamingDecoder;
import io.karipap.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/** The text of the tokens that one sequence draws, until one of them, a stop string or the grammar ends it. */
final class OutputText {
    private static final byte[] NO_BYTES = {};

    private final Tokenizer tokenizer;
    private final StreamingDecoder decoder;
    private final StopMatcher stops;
    private final BitSet ends;
    private final GrammarCursor grammar;
    private boolean endTokenDrawn;

    /**
     * @param prompt what the text continues
     * @param shown special tokens that have their spelling in the text
     * @param stops strings that end it
     * @param ends tokens that end it
     * @param grammar what it must look like, or null
     */
    OutputText(
            Tokenizer tokenizer,
            int[] prompt,
            Set<Integer> shown,
            StopMatcher stops,
            BitSet ends,
            GrammarCursor grammar) {
        this.tokenizer = tokenizer;
        this.decoder = decoder(tokenizer, prompt, shown);
        this.stops = stops;
        this.ends = ends;
        this.grammar = grammar;
    }

    /** After a prompt of text, a space before the first word belongs to the text. */
    private static StreamingDecoder decoder(Tokenizer tokenizer, int[] prompt, Set<Integer> shown) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(shown);
        return Arrays.stream(prompt).allMatch(tokenizer::isSpecial) ? decoder : decoder.continuing();
    }

    /** The text that becomes certain with {@code token}; none for an end token. */
    String append(int token) {
        if (ends.get(token)) {
            endTokenDrawn = true;
            return "";
        }
        String text = stops.append(decoder.next(token));
        if (grammar != null) {
            grammar.accept(token, tokenizer.isSpecial(token) ? NO_BYTES : tokenizer.tokenBytes(token));
        }
        return text;
    }

    /** Whether the last token has ended the text. */
    boolean ended() {
        return endTokenDrawn || stops.stopped() || grammar != null && grammar.finished();
    }

    /** What was held back, when no more tokens come. */
    String finish() {
        String rest = stops.append(decoder.finish());
        return rest + stops.finish();
    }
}
