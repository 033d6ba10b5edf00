package io.karipap.grammar;

import java.util.BitSet;

/**
 * Follows one text through its grammar. Not thread-safe.
 *
 * @since 0.1
 */
public final class GrammarCursor {
    /** Most steps for the tokens of one place; more are refused, which no grammar is known to need. */
    private static final long MAX_STEPS = 200_000_000;

    /** Bytes of masks that are kept: texts go through few states again and again. */
    private static final int MAX_MASK_BYTES = 256 << 10;

    private final VocabularyTrie vocabulary;
    private final Machine machine;
    private final BitSet allowed;
    private Config config;
    private MaskBuilder builder;
    private boolean current;

    /**
     * Stands before the first byte of a text of {@code grammar}.
     *
     * @throws GrammarException if the grammar allows no text, a rule begins with itself, or it is too large
     */
    public GrammarCursor(Grammar grammar, VocabularyTrie vocabulary) {
        this.vocabulary = vocabulary;
        this.machine = new Machine(Automaton.of(grammar));
        this.allowed = new BitSet(vocabulary.limit());
        this.config = machine.start();
    }

    /**
     * Looks for the tokens that may come next, about that many steps long (some ten nanoseconds each); returns whether {@link #allowed} knows
     * them. It goes on where it was.
     *
     * @throws IllegalStateException if it takes too long altogether, or the grammar is too ambiguous
     */
    public boolean prepare(long steps) {
        if (current) {
            return true;
        }
        try {
            if (config.mask() == null) {
                if (builder == null) {
                    config = machine.trimmed(config, MAX_MASK_BYTES);
                    builder = new MaskBuilder(machine, vocabulary, config);
                }
                if (!builder.run(steps)) {
                    if (builder.steps() > MAX_STEPS) {
                        throw new IllegalStateException("the grammar takes too long here to find the next tokens");
                    }
                    return false;
                }
                machine.keepMask(config, builder.mask());
                builder = null;
            }
        } catch (TooLargeException e) {
            throw new IllegalStateException("the grammar " + e.getMessage(), e);
        }
        allowed.clear();
        config.mask().addTo(allowed);
        current = true;
        return true;
    }

    /** Whether the tokens that may come next are known. */
    public boolean prepared() {
        return current;
    }

    /**
     * Tokens that may come next; not to be changed, and overwritten after the next token.
     *
     * @throws IllegalStateException as {@link #prepare}
     */
    public BitSet allowed() {
        while (!prepare(MAX_STEPS)) {
            continue;
        }
        return allowed;
    }

    /** Whether the text may end here. */
    public boolean complete() {
        return config.complete();
    }

    /** Whether the grammar names this token here, whatever its text. */
    public boolean names(int token) {
        return machine.names(config, token);
    }

    /** Whether the text must end here. */
    public boolean finished() {
        return config.size() == 0;
    }

    /**
     * Goes on by a token: by its bytes, or as one that the grammar names.
     *
     * @param bytes what it stands for; none for a special token
     * @throws IllegalArgumentException if the grammar does not allow it
     */
    public void accept(int token, byte[] bytes) {
        Config named = machine.nextToken(config, token);
        Config spelled = bytes.length == 0 ? null : after(bytes);
        Config next = machine.union(named, spelled);
        if (next == null) {
            throw new IllegalArgumentException("the grammar does not allow the token " + token + " here");
        }
        go(next);
    }

    /**
     * Goes on by bytes.
     *
     * @throws IllegalArgumentException if the grammar does not allow them
     */
    public void accept(byte[] bytes) {
        Config next = after(bytes);
        if (next == null) {
            throw new IllegalArgumentException("the grammar does not allow these bytes here");
        }
        go(next);
    }

    /** Configurations and stacks that are kept. */
    int kept() {
        return machine.kept();
    }

    private Config after(byte[] bytes) {
        Config next = config;
        for (int i = 0; i < bytes.length && next != null; i++) {
            next = machine.next(next, bytes[i] & 0xff);
        }
        return next;
    }

    private void go(Config next) {
        if (next != config) {
            config = next;
            current = false;
            builder = null;
        }
    }
}
