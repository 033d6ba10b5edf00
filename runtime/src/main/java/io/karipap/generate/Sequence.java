package io.karipap.generate;

import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvPool;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One request while it waits and runs. Only {@link #cancel}, {@link #pause} and {@link #resume} may be called from other threads than the
 * one that steps the engine.
 */
final class Sequence implements Generation {
    private final int promptTokens;
    private final int maxPositions;
    private final long deadline;
    private final Consumer<GenerationEvent> listener;
    private final Runnable onChange;
    private final Sequence leader;
    private final TokenDraw draw;
    private final OutputText output;
    private final PromptScores scores;
    private final KvLease lease = new KvLease();
    private int[] tokens;
    private int length;
    private int logitsRow = -1;
    private RuntimeException failure;
    private boolean promptComputed;
    private boolean ended;
    private volatile boolean cancelled;
    private volatile boolean paused;

    /**
     * @param contextLength most positions that the sequence may have
     * @param leader a sequence with the same prompt that is to compute it first, or null
     * @param onChange called when it is cancelled or resumed
     */
    Sequence(
            GenerationRequest request,
            int contextLength,
            TokenDraw draw,
            OutputText output,
            Sequence leader,
            Runnable onChange) {
        int[] prompt = request.prompt();
        GenerationOptions options = request.options();
        this.promptTokens = prompt.length;
        this.maxPositions = (int) Math.min(contextLength, (long) prompt.length + options.maxTokens());
        this.deadline = options.timeLimit()
                .map(limit -> System.nanoTime() + limit.toNanos())
                .orElse(Long.MAX_VALUE);
        this.listener = request.listener();
        this.onChange = onChange;
        this.leader = leader;
        this.draw = draw;
        this.output = output;
        this.scores = new PromptScores(options.logprobs(), prompt.length);
        this.tokens = Arrays.copyOf(prompt, Math.min(maxPositions, prompt.length + 64));
        this.length = prompt.length;
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

    /** Positions that it needs to go on. */
    int length() {
        return length;
    }

    /** Blocks that must be free so that it can go on, those that are shared with others left out. */
    int missingBlocks(KvPool pool) {
        return KvLease.missingBlocks(pool, tokens, length, !scores.pending());
    }

    /** Takes the memory for all tokens that it has; what the pool knows of them is not computed again, unless it is to be scored. */
    void start(KvPool pool) {
        lease.take(pool, tokens, length, !scores.pending());
    }

    /** Whether it has been started before, even if it was stopped again. */
    boolean hasStarted() {
        return lease.everTaken();
    }

    /** Tokens of the prompt that were not computed because they were known. */
    int cachedTokens() {
        return lease.cachedTokens();
    }

    /** Gives its memory back; it can be started again and goes on where it was. */
    void stop() {
        lease.release();
    }

    /** Looks for the tokens that its grammar allows next, for a bounded time. Sequences may do this at the same time. */
    void prepare() {
        try {
            draw.prepare();
        } catch (RuntimeException e) {
            failure = e; // told when its next step is done
        }
    }

    /** Whether its grammar, if it has one, knows which tokens may come next. */
    boolean prepared() {
        return failure != null || draw.prepared();
    }

    /** Whether all but the last token are computed: its next step is one token. */
    boolean decoding() {
        return length - lease.computed() == 1;
    }

    /** Whether more than its last token is still to be computed. */
    boolean prefilling() {
        return length - lease.computed() > 1;
    }

    /** Whether there is room for the next token without another block. */
    boolean hasRoom() {
        return lease.hasRoom(length);
    }

    /** Takes the block for the next token. */
    void grow() {
        lease.grow(length);
    }

    /** Adds up to {@code limit} of its next tokens to {@code batch}. */
    void addTo(Batch batch, int limit) {
        int end = Math.min(length, lease.computed() + limit);
        logitsRow = -1;
        scores.begin(lease.computed());
        for (int position = lease.computed(); position < end; position++) {
            boolean scored = scores.wants(position);
            boolean last = position + 1 == length && maxPositions > promptTokens;
            int row = lease.addTo(batch, tokens[position], last || scored);
            if (scored) {
                scores.expect(row);
            }
            if (last) {
                logitsRow = row;
            }
        }
    }

    /**
     * Computes log-probabilities and draws the next token from the logits of a step, without telling anyone. Sequences may do this at the
     * same time.
     */
    void draw(Rows logits, int vocabularySize) {
        if (failure != null) {
            return;
        }
        try {
            scores.score(logits, vocabularySize, tokens, lease.computed());
            if (logitsRow >= 0) {
                draw.draw(logits.data(), logits.at(logitsRow), vocabularySize, tokens, length);
            }
        } catch (RuntimeException e) {
            failure = e; // as in its grammar: the others go on
        }
    }

    /** Goes on after {@link #draw}: tells what was computed, and appends the token. */
    void advance() {
        if (failure != null) {
            fail(failure);
            return;
        }
        lease.share(tokens);
        scores.tell(this::emit);
        promptComputed |= lease.computed() >= promptTokens;
        if (logitsRow >= 0) {
            append(draw.token());
        } else if (lease.computed() == maxPositions) {
            finish(FinishReason.LENGTH); // only the prompt was asked for
        }
    }

    private void append(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(maxPositions, length * 2));
        }
        tokens[length++] = token;
        emit(new GenerationEvent.Token(token, output.append(token), draw.logprobs()));
        if (output.ended()) {
            finish(FinishReason.STOP);
        } else if (length == maxPositions) {
            finish(FinishReason.LENGTH);
        }
    }

    private void finish(FinishReason reason) {
        end(new GenerationEvent.Finished(
                output.finish(), reason, promptTokens, lease.cachedTokens(), length - promptTokens));
    }

    void fail(Throwable cause) {
        end(new GenerationEvent.Failed(cause));
    }

    private void end(GenerationEvent event) {
        if (!ended) {
            ended = true;
            lease.release();
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
