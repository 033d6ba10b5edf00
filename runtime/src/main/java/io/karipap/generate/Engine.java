package io.karipap.generate;

import io.karipap.generate.RequestQueue.Verdict;
import io.karipap.kernels.Rows;
import io.karipap.load.LoadedModel;
import io.karipap.model.Batch;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Computes all running requests together, step by step: every step takes one token of each sequence that is generating and a bounded
 * part of the prompts that have come in. Requests are admitted in order, as soon as the KV cache has room for their prompts; where it
 * runs out, the youngest sequence gives its memory back, waits, and later goes on where it was. A prompt that begins as another one did
 * is computed from where they part.
 *
 * <p>Thread-safe. Whoever needs progress calls {@link #step}; a server keeps a thread in {@link #run}. Listeners are called while the
 * engine is locked and must not block. A text depends on its prompt, options and seed only, to the bit: not on what else is computed.
 *
 * @since 0.1
 */
public final class Engine implements AutoCloseable {
    private final Transformer model;
    private final EngineOptions options;
    private final int contextLength;
    private final KvPool pool;
    private final PromptPace pace;
    private final RequestQueue queue;
    private final RequestReader reader;
    private final Batch batch = new Batch();
    private final List<Sequence> stepped = new ArrayList<>();
    private final List<Sequence> running = new ArrayList<>();
    private final ReentrantLock stepLock = new ReentrantLock(true);
    private volatile EngineLoad load = new EngineLoad(0, 0, 0, 0, 0, 0);
    private long prefixQueries;
    private long prefixHits;
    private long preemptions;

    /**
     * @param loaded closed with the engine
     */
    Engine(LoadedModel loaded, EngineOptions options) {
        KvOptions kv = options.kvPrecision().cache(options.kvPositions(), options.kvBlockSize());
        this.model = loaded.transformer();
        this.options = options;
        this.contextLength = Math.min(model.config().maxPositions(), kv.positions());
        this.pool = new KvPool(model.config(), kv);
        this.pace = new PromptPace(options.stepTime());
        this.queue = new RequestQueue(options.maxWaiting());
        this.reader = new RequestReader(loaded, contextLength, kv.blockSize(), queue::ring);
    }

    /** Most tokens of a prompt and its answer together. */
    public int contextLength() {
        return contextLength;
    }

    /** As {@link #submit(List)}, for one request. */
    public Generation submit(int[] prompt, GenerationOptions request, Consumer<GenerationEvent> listener) {
        return submit(List.of(new GenerationRequest(prompt, request, listener))).getFirst();
    }

    /**
     * Queues requests, all or none. Where neighbours have the same prompt, it is computed once.
     *
     * @throws IllegalArgumentException if a prompt is empty, or a prompt, bias or stop has a token that the model does not know
     * @throws ContextLengthException if a prompt does not fit
     * @throws EngineFullException if too many requests wait already
     * @throws IllegalStateException if the engine is closed
     */
    public List<Generation> submit(List<GenerationRequest> requests) {
        List<Sequence> sequences = reader.read(requests);
        queue.add(sequences);
        return List.copyOf(sequences);
    }

    /** What the engine is busy with, for metrics. */
    public EngineLoad load() {
        EngineLoad last = load;
        return new EngineLoad(
                last.running(),
                queue.size(),
                last.kvUsage(),
                last.prefixQueries(),
                last.prefixHits(),
                last.preemptions());
    }

    /** Does one step. Returns whether there was anything to compute. */
    public boolean step() {
        stepLock.lock();
        try {
            queue.beginStep();
            dropEnded();
            queue.admit(this::admit);
            boolean any = compute();
            dropEnded();
            load = new EngineLoad(
                    running.size(), 0, (double) pool.used() / pool.capacity(), prefixQueries, prefixHits, preemptions);
            return any;
        } finally {
            stepLock.unlock();
        }
    }

    /** Steps whenever there is work, until {@link #close}. Whatever goes wrong ends the texts that it touches, never this loop. */
    public void run() {
        while (true) {
            try {
                if (step()) {
                    continue;
                }
            } catch (RuntimeException | Error e) {
                failAll(e);
            }
            try {
                if (!queue.awaitChange(load.running())) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void failAll(Throwable cause) {
        stepLock.lock();
        try {
            running.forEach(sequence -> sequence.fail(cause));
            running.clear();
            queue.drain().forEach(sequence -> sequence.fail(cause));
        } finally {
            stepLock.unlock();
        }
    }

    private Verdict admit(Sequence next) {
        if (running.size() >= options.maxRunning()) {
            return Verdict.NO_ROOM;
        }
        if (!next.ready()) {
            return Verdict.PASSED_OVER; // its prompt is being computed by another, then it costs nothing
        }
        // one block for each that is running, so that it is not stopped again at once
        int reserve = running.isEmpty() ? 0 : running.size() + 1;
        if (next.missingBlocks(pool) + reserve > pool.available()) {
            return Verdict.NO_ROOM;
        }
        boolean first = !next.hasStarted();
        next.start(pool);
        if (first) {
            prefixQueries += next.length();
            prefixHits += next.cachedTokens();
        }
        running.add(next);
        return Verdict.ADMITTED;
    }

    private void dropEnded() {
        long now = System.nanoTime();
        running.removeIf(sequence -> sequence.endIfOver(now));
        queue.removeIf(sequence -> sequence.endIfOver(now));
    }

    /** Makes a batch of what is running and computes it. Returns whether there was anything. */
    private boolean compute() {
        batch.clear();
        stepped.clear();
        prepare();
        addGenerating();
        int budget = stepped.isEmpty() ? options.stepTokens() : pace.tokens(options.stepTokens());
        for (Sequence sequence : running) {
            int left = budget - batch.rows();
            if (!sequence.paused() && sequence.prepared() && sequence.prefilling() && left > 0) {
                sequence.addTo(batch, left);
                stepped.add(sequence);
            }
        }
        if (stepped.isEmpty()) {
            return running.stream().anyMatch(sequence -> !sequence.paused() && !sequence.prepared());
        }
        try {
            long start = System.nanoTime();
            Rows logits = model.forward(batch);
            pace.measured(batch.rows(), System.nanoTime() - start);
            model.parallel((part, parts) -> {
                for (int i = part; i < stepped.size(); i += parts) {
                    stepped.get(i).draw(logits, model.config().vocabularySize());
                }
            });
            for (Sequence sequence : stepped) {
                advance(sequence);
            }
        } catch (Throwable t) {
            // Even out of memory: the caches are in an unknown state, but ending what was in the step frees them, and
            // others go on.
            stepped.forEach(sequence -> sequence.fail(t));
        }
        return true;
    }

    /** Lets grammars look for what may come next, each for a bounded time: one that takes longer does not hold the others up. */
    private void prepare() {
        boolean any = false;
        for (Sequence sequence : running) {
            any |= !sequence.prepared();
        }
        if (any) {
            model.parallel((part, parts) -> {
                for (int i = part; i < running.size(); i += parts) {
                    running.get(i).prepare();
                }
            });
        }
    }

    /** What goes wrong with one sequence, as where its vocabulary has holes, does not touch the others. */
    private static void advance(Sequence sequence) {
        try {
            sequence.advance();
        } catch (RuntimeException e) {
            sequence.fail(e);
        }
    }

    /** Adds the next token of every sequence that is generating, the oldest first; the youngest make room where blocks run out. */
    private void addGenerating() {
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            if (sequence.paused() || !sequence.prepared() || !sequence.decoding()) {
                continue;
            }
            while (!sequence.hasRoom() && pool.available() == 0) {
                Sequence youngest = running.removeLast();
                youngest.stop();
                preemptions++;
                queue.putBack(youngest);
                if (youngest == sequence) {
                    return;
                }
            }
            sequence.grow();
            sequence.addTo(batch, 1);
            stepped.add(sequence);
        }
    }

    /** Ends all requests, stops {@link #run} and frees the model. */
    @Override
    public void close() {
        if (!queue.close()) {
            return;
        }
        stepLock.lock();
        try {
            running.forEach(Sequence::cancel);
            queue.removeIf(sequence -> {
                sequence.cancel();
                return false;
            });
            dropEnded();
            model.close();
        } finally {
            stepLock.unlock();
        }
    }
}
