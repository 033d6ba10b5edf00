package io.karipap.generate;

import io.karipap.grammar.GrammarCursor;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvPool;
import io.karipap.tokenizer.StreamingDecoder;
import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * One request while it waits and runs. Only {@link #cancel}, {@link #pause} and {@link #resume} may be called from other threads than the
 * one that steps the engine.
 */
final class Sequence implements Generation {
    private final int promptTokens;
    private final GenerationOptions options;
    private final Consumer<GenerationEvent> listener;
    private final Runnable onChange;
    private final Tokenizer tokenizer;
    private final BitSet ends;
    private final Sampler sampler;
    private final GrammarCursor grammar;
    private final LogitAdjuster adjuster;
    private final StopMatcher stops;
    private final StreamingDecoder decoder;
    private final int maxPositions;
    private final long deadline;
    private final Sequence leader;
    private int[] tokens;
    private int length;
    private int computed;
    private KvCache cache;
    private int cachedTokens = -1;
    private int scoredTokens;
    private int firstRow = -1;
    private int firstRowPosition;
    private int logitsRow = -1;
    private final List<GenerationEvent> scored = new ArrayList<>();
    private int drawn;
    private TokenLogprobs drawnLogprobs;
    private RuntimeException failure;
    private boolean promptComputed;
    private boolean ended;
    private volatile boolean cancelled;
    private volatile boolean paused;

    /**
     * @param contextLength most positions that the sequence may have
     * @param ends tokens that end the text, by the model and by the request
     * @param grammar what the text must look like, or null
     * @param leader a sequence with the same prompt that is to compute it first, or null
     * @param onChange called when it is cancelled or resumed
     */
    Sequence(
            GenerationRequest request,
            int contextLength,
            KernelChoice kernels,
            Tokenizer tokenizer,
            BitSet ends,
            GrammarCursor grammar,
            Sequence leader,
            Runnable onChange) {
        int[] prompt = request.prompt();
        this.promptTokens = prompt.length;
        this.options = request.options();
        this.listener = request.listener();
        this.tokenizer = tokenizer;
        this.ends = ends;
        this.grammar = grammar;
        this.leader = leader;
        this.onChange = onChange;
        this.sampler = new Sampler(options.sampling(), kernels);
        this.adjuster = new LogitAdjuster(options, promptTokens, grammar, ends);
        this.stops = new StopMatcher(options.stop().texts());
        this.decoder = decoder(tokenizer, prompt);
        this.maxPositions = (int) Math.min(contextLength, (long) prompt.length + options.maxTokens());
        this.deadline = options.timeLimit()
                .map(limit -> System.nanoTime() + limit.toNanos())
                .orElse(Long.MAX_VALUE);
        this.tokens = Arrays.copyOf(prompt, Math.min(maxPositions, prompt.length + 64));
        this.length = prompt.length;
    }

    /** After a prompt of text, a space before the first word belongs to the text. */
    private static StreamingDecoder decoder(Tokenizer tokenizer, int[] prompt) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        return Arrays.stream(prompt).allMatch(tokenizer::isSpecial) ? decoder : decoder.continuing();
    }

    @Override
    public void cancel() {
        cancelled = true;
        onChange.run();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        onChange.run();
    }

    boolean paused() {
        return paused;
    }

    boolean ended() {
        return ended;
    }

    /** Ends it if it was cancelled or has no time left; returns whether it has ended. */
    boolean endIfOver(long now) {
        if (!ended && cancelled) {
            finish(FinishReason.CANCELLED);
        } else if (!ended && deadline != Long.MAX_VALUE && now - deadline >= 0) {
            finish(FinishReason.TIME);
        }
        return ended;
    }

    /** Whether nobody else is computing its prompt just now. */
    boolean ready() {
        return leader == null || leader.promptComputed || leader.ended;
    }

    /** Most positions that it may have at its end. */
    int maxPositions() {
        return maxPositions;
    }

    /** Positions that it needs to go on. */
    int length() {
        return length;
    }

    /** Blocks that must be free so that it can go on, those that are shared with others left out. */
    int missingBlocks(KvPool pool) {
        return pool.options().blocks(length) - (scoring() ? 0 : KvCache.inUse(pool, tokens, length));
    }

    /** Takes the memory for all tokens that it has; what the pool knows of them is not computed again. */
    void start(KvPool pool) {
        cache = new KvCache(pool);
        computed = scoring() ? 0 : cache.attach(tokens, length);
        if (cachedTokens < 0) {
            cachedTokens = computed;
        }
        cache.reserve(length);
    }

    /** Whether it has been started before, even if it was stopped again. */
    boolean hasStarted() {
        return cachedTokens >= 0;
    }

    /** Tokens of the prompt that were not computed because they were known. */
    int cachedTokens() {
        return Math.max(0, cachedTokens);
    }

    /** Gives its memory back; it can be started again and goes on where it was. */
    void stop() {
        cache.close();
        cache = null;
        computed = 0;
    }

    /** Whether log-probabilities of the prompt are still to be told, for which it must be computed. */
    private boolean scoring() {
        return options.logprobs().prompt() && scoredTokens < promptTokens;
    }

    /** Whether all but the last token are computed: its next step is one token. */
    boolean decoding() {
        return length - computed == 1;
    }

    /** Whether more than its last token is still to be computed. */
    boolean prefilling() {
        return length - computed > 1;
    }

    /** Whether there is room for the next token without another block. */
    boolean hasRoom() {
        return cache.blocks() * cache.blockSize() >= length;
    }

    /** Takes the block for the next token. */
    void grow() {
        cache.reserve(length);
    }

    /** Adds up to {@code limit} of its next tokens to {@code batch} and returns how many. */
    int addTo(Batch batch, int limit) {
        int count = Math.min(limit, length - computed);
        logitsRow = -1;
        firstRow = -1;
        firstRowPosition = computed;
        for (int i = 0; i < count; i++) {
            boolean wanted = scoring() && computed + 1 < promptTokens;
            boolean last = computed + 1 == length && maxPositions > promptTokens;
            int row = batch.add(tokens[computed], computed, cache, last || wanted);
            if (wanted && firstRow < 0) {
                firstRow = row;
            }
            if (last) {
                logitsRow = row;
            }
            computed++;
        }
        return count;
    }

    /**
     * Computes log-probabilities and draws the next token from the logits of a step, without telling anyone. Sequences may do this at the
     * same time.
     */
    void draw(Rows logits, int vocabularySize) {
        try {
            if (scoring()) {
                scorePrompt(logits, vocabularySize);
            }
            if (logitsRow >= 0) {
                draw(logits.data(), logits.at(logitsRow), vocabularySize);
            }
        } catch (RuntimeException e) {
            failure = e; // as in its grammar: the others go on
        }
    }

    private void scorePrompt(Rows logits, int vocabularySize) {
        if (scoredTokens == 0) {
            scored.add(new GenerationEvent.PromptToken(tokens[0], null));
            scoredTokens = 1;
        }
        int alternatives = options.logprobs().alternatives();
        for (; scoring() && scoredTokens <= computed; scoredTokens++) {
            int row = logits.at(firstRow + scoredTokens - 1 - firstRowPosition);
            int token = tokens[scoredTokens];
            scored.add(new GenerationEvent.PromptToken(
                    token, TokenLogprobs.of(logits.data(), row, vocabularySize, token, alternatives)));
        }
    }

    private void draw(float[] logits, int at, int count) {
        boolean adjusts = adjuster.adjusts(length);
        drawn = adjusts
                ? sampler.sample(adjuster.adjust(logits, at, count, tokens, length), 0, count)
                : sampler.sample(logits, at, count);
        drawnLogprobs = options.logprobs().tokens()
                ? TokenLogprobs.of(logits, at, count, drawn, options.logprobs().alternatives())
                : null;
    }

    /** Goes on after {@link #draw}: tells what was computed, and appends the token. */
    void advance() {
        if (failure != null) {
            fail(failure);
            return;
        }
        cache.share(tokens, computed);
        scored.forEach(this::emit);
        scored.clear();
        promptComputed |= computed >= promptTokens;
        if (logitsRow >= 0) {
            append(drawn);
        } else if (computed == maxPositions) {
            finish(FinishReason.LENGTH); // only the prompt was asked for
        }
    }

    private void append(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(maxPositions, length * 2));
        }
        tokens[length++] = token;
        if (ends.get(token)) {
            emit(new GenerationEvent.Token(token, "", drawnLogprobs));
            finish(FinishReason.STOP);
            return;
        }
        emit(new GenerationEvent.Token(token, stops.append(decoder.next(token)), drawnLogprobs));
        if (grammar != null) {
            grammar.accept(tokenizer.tokenBytes(token));
        }
        if (stops.stopped() || grammar != null && grammar.finished()) {
            finish(FinishReason.STOP);
        } else if (length == maxPositions) {
            finish(FinishReason.LENGTH);
        }
    }

    private void finish(FinishReason reason) {
        String rest = stops.append(decoder.finish());
        rest += stops.finish();
        end(new GenerationEvent.Finished(rest, reason, promptTokens, cachedTokens(), length - promptTokens));
    }

    void fail(Throwable cause) {
        end(new GenerationEvent.Failed(cause));
    }

    private void end(GenerationEvent event) {
        if (!ended) {
            ended = true;
            if (cache != null) {
                cache.close();
                cache = null;
            }
            emit(event);
        }
    }

    private void emit(GenerationEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            cancelled = true; // a listener that fails has lost interest
        }
    }
}
