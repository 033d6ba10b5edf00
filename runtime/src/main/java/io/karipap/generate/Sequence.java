package io.karipap.generate;

import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvPool;
import io.karipap.tokenizer.StreamingDecoder;
import java.util.Arrays;
import java.util.function.Consumer;

/** One request while it waits and runs. Only {@link #cancel} may be called from other threads than the one that steps the engine. */
final class Sequence implements Generation {
    private final int promptTokens;
    private final GenerationOptions options;
    private final Consumer<GenerationEvent> listener;
    private final Sampler sampler;
    private final StopMatcher stops;
    private final StreamingDecoder decoder;
    private final int maxPositions;
    private int[] tokens;
    private int length;
    private int computed;
    private KvCache cache;
    private int logitsRow = -1;
    private boolean ended;
    private volatile boolean cancelled;

    /**
     * @param prompt token ids
     * @param contextLength most positions that the sequence may have
     */
    Sequence(
            int[] prompt,
            GenerationOptions options,
            int contextLength,
            StreamingDecoder decoder,
            Consumer<GenerationEvent> listener) {
        this.promptTokens = prompt.length;
        this.options = options;
        this.listener = listener;
        this.sampler = new Sampler(options.sampling());
        this.stops = new StopMatcher(options.stop());
        this.decoder = decoder;
        this.maxPositions = (int) Math.min(contextLength, (long) prompt.length + options.maxTokens());
        this.tokens = Arrays.copyOf(prompt, Math.min(maxPositions, prompt.length + 64));
        this.length = prompt.length;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    boolean ended() {
        return ended;
    }

    /** Blocks of KV cache that it may need until its end. */
    int blocks() {
        return KvPool.blocksFor(maxPositions);
    }

    void start(KvPool pool) {
        cache = new KvCache(pool);
    }

    /** Whether all but the last token are computed: its next step is one token. */
    boolean decoding() {
        return length - computed == 1;
    }

    /** Adds up to {@code limit} of its next tokens to {@code batch} and returns how many. */
    int addTo(Batch batch, int limit) {
        int count = Math.min(limit, length - computed);
        logitsRow = -1;
        for (int i = 0; i < count; i++) {
            boolean last = computed + 1 == length;
            logitsRow = batch.add(tokens[computed], computed, cache, last);
            computed++;
        }
        return count;
    }

    /** Row of the logits of its last token in the step just done, or −1. */
    int logitsRow() {
        return logitsRow;
    }

    /** Draws the next token from {@code logits[at, at + count)}; {@code isEnd} tells whether the model ends with it. */
    void advance(float[] logits, int at, int count, java.util.function.IntPredicate isEnd) {
        logitsRow = -1;
        int token = sampler.sample(logits, at, count);
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(maxPositions, length * 2));
        }
        tokens[length++] = token;
        if (isEnd.test(token) && !options.ignoreEnd()) {
            emit(new GenerationEvent.Token(token, ""));
            finish(FinishReason.STOP);
            return;
        }
        emit(new GenerationEvent.Token(token, stops.append(decoder.next(token))));
        if (stops.stopped()) {
            finish(FinishReason.STOP);
        } else if (length == maxPositions) {
            finish(FinishReason.LENGTH);
        }
    }

    void finish(FinishReason reason) {
        String rest = stops.append(decoder.finish());
        rest += stops.finish();
        end(new GenerationEvent.Finished(rest, reason, promptTokens, length - promptTokens));
    }

    void fail(Throwable cause) {
        end(new GenerationEvent.Failed(cause));
    }

    private void end(GenerationEvent event) {
        if (!ended) {
            ended = true;
            if (cache != null) {
                cache.close();
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
