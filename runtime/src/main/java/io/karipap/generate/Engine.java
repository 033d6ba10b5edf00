package io.karipap.generate;

import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvPool;
import io.karipap.model.Llama;
import io.karipap.tokenizer.StreamingDecoder;
import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Computes all running requests together, step by step: every step takes one token of each sequence that is generating and a bounded
 * part of the prompts that have come in. Requests are admitted in order, as soon as the KV cache is sure to hold them to their end.
 *
 * <p>Thread-safe. Whoever needs progress calls {@link #step}; a server keeps a thread in {@link #run}. Listeners are called while the
 * engine is locked and must not block.
 */
public final class Engine implements AutoCloseable {
    private final Llama model;
    private final Tokenizer tokenizer;
    private final IntPredicate isEnd;
    private final EngineOptions options;
    private final int contextLength;
    private final KvPool pool;
    private final Batch batch = new Batch();
    private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();
    private final ReentrantLock stepLock = new ReentrantLock(true);
    private final ReentrantLock queueLock = new ReentrantLock();
    private final Condition arrived = queueLock.newCondition();
    private volatile int promisedBlocks;
    private volatile int runningCount;
    private boolean closed;

    /**
     * @param model closed with the engine
     * @param isEnd which tokens end a text
     */
    public Engine(Llama model, Tokenizer tokenizer, IntPredicate isEnd, EngineOptions options) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.isEnd = isEnd;
        this.options = options;
        this.pool = new KvPool(model.config(), KvPool.blocksFor(options.kvPositions()));
        this.contextLength = Math.min(model.config().maxPositions(), options.kvPositions());
    }

    /** Most tokens of a prompt and its answer together. */
    public int contextLength() {
        return contextLength;
    }

    /**
     * Queues a request.
     *
     * @param prompt token ids, at least one
     * @param listener hears of every token and of the end
     * @throws IllegalArgumentException if the prompt is empty or has a token that the model does not know
     * @throws ContextLengthException if it does not fit
     * @throws EngineFullException if too many requests wait already
     * @throws IllegalStateException if the engine is closed
     */
    public Generation submit(int[] prompt, GenerationOptions request, Consumer<GenerationEvent> listener) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty, expected at least one token");
        }
        if (prompt.length >= contextLength) {
            throw new ContextLengthException(prompt.length, contextLength);
        }
        for (int token : prompt) {
            if (token < 0 || token >= model.config().vocabularySize()) {
                throw new IllegalArgumentException("prompt token " + token + " is outside 0.."
                        + (model.config().vocabularySize() - 1));
            }
        }
        Sequence sequence = new Sequence(prompt, request, contextLength, decoder(prompt), listener);
        queueLock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            if (waiting.size() >= options.maxWaiting()) {
                throw new EngineFullException(waiting.size());
            }
            waiting.add(sequence);
            arrived.signalAll();
        } finally {
            queueLock.unlock();
        }
        return sequence;
    }

    /** After a prompt of text, a space before the first word belongs to the text. */
    private StreamingDecoder decoder(int[] prompt) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        return Arrays.stream(prompt).allMatch(tokenizer::isSpecial) ? decoder : decoder.continuing();
    }

    /** What the engine is busy with, for metrics. */
    public EngineLoad load() {
        queueLock.lock();
        try {
            return new EngineLoad(runningCount, waiting.size(), (double) promisedBlocks / pool.capacity());
        } finally {
            queueLock.unlock();
        }
    }

    /** Does one step. Returns whether there was anything to do. */
    public boolean step() {
        stepLock.lock();
        try {
            admit();
            dropEnded();
            if (running.isEmpty()) {
                return false;
            }
            compute();
            dropEnded();
            return true;
        } finally {
            stepLock.unlock();
        }
    }

    /** Steps whenever there is work, until {@link #close}. */
    public void run() {
        while (true) {
            if (step()) {
                continue;
            }
            queueLock.lock();
            try {
                while (waiting.isEmpty() && !closed) {
                    arrived.awaitUninterruptibly();
                }
                if (closed) {
                    return;
                }
            } finally {
                queueLock.unlock();
            }
        }
    }

    private void admit() {
        queueLock.lock();
        try {
            while (!waiting.isEmpty() && running.size() < options.maxRunning()) {
                Sequence next = waiting.peek();
                if (!next.cancelled() && promisedBlocks + next.blocks() > pool.capacity()) {
                    return;
                }
                waiting.remove();
                promisedBlocks += next.blocks();
                next.start(pool);
                running.add(next);
                runningCount = running.size();
            }
        } finally {
            queueLock.unlock();
        }
    }

    private void dropEnded() {
        for (Iterator<Sequence> each = running.iterator(); each.hasNext(); ) {
            Sequence sequence = each.next();
            if (!sequence.ended() && sequence.cancelled()) {
                sequence.finish(FinishReason.CANCELLED);
            }
            if (sequence.ended()) {
                promisedBlocks -= sequence.blocks();
                each.remove();
                runningCount = running.size();
            }
        }
    }

    private void compute() {
        batch.clear();
        int budget = options.stepTokens();
        for (Sequence sequence : running) {
            if (sequence.decoding()) {
                budget -= sequence.addTo(batch, 1);
            }
        }
        List<Sequence> stepped = new ArrayList<>(running.size());
        for (Sequence sequence : running) {
            boolean added = sequence.logitsRow() >= 0;
            if (!added && budget > 0) {
                budget -= sequence.addTo(batch, budget);
            }
            stepped.add(sequence);
        }
        try {
            Rows logits = model.forward(batch);
            for (Sequence sequence : stepped) {
                int row = sequence.logitsRow();
                if (row >= 0) {
                    sequence.advance(
                            logits.data(), logits.at(row), model.config().vocabularySize(), isEnd);
                }
            }
        } catch (Throwable t) {
            // Even out of memory: the caches are in an unknown state, but ending what was in the step frees them, and
            // others go on.
            stepped.forEach(sequence -> sequence.fail(t));
        }
    }

    /** Ends all requests, stops {@link #run} and frees the model. */
    @Override
    public void close() {
        queueLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            arrived.signalAll();
        } finally {
            queueLock.unlock();
        }
        stepLock.lock();
        try {
            queueLock.lock();
            try {
                waiting.forEach(sequence -> sequence.finish(FinishReason.CANCELLED));
                waiting.clear();
            } finally {
                queueLock.unlock();
            }
            running.forEach(Sequence::cancel);
            dropEnded();
            model.close();
        } finally {
            stepLock.unlock();
        }
    }
}
