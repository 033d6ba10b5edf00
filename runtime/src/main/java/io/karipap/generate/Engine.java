package io.karipap.generate;

import io.karipap.grammar.GrammarCursor;
import io.karipap.grammar.VocabularyTrie;
import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvPool;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Computes all running requests together, step by step: every step takes one token of each sequence that is generating and a bounded
 * part of the prompts that have come in. Requests are admitted in order, as soon as the KV cache has room for their prompts; where it
 * runs out, the youngest sequence gives its memory back, waits, and later goes on where it was. A prompt that begins as another one did
 * is computed from where they part.
 *
 * <p>Thread-safe. Whoever needs progress calls {@link #step}; a server keeps a thread in {@link #run}. Listeners are called while the
 * engine is locked and must not block. A text depends on its prompt, options and seed only, to the bit: not on what else is computed.
 */
public final class Engine implements AutoCloseable {
    /** How often time limits are looked at while nothing can be computed. */
    private static final long IDLE_MILLIS = 50;

    private final Transformer model;
    private final Tokenizer tokenizer;
    private final BitSet endTokens = new BitSet();
    private final EngineOptions options;
    private final int contextLength;
    private final KvPool pool;
    private final PromptPace pace;
    private final Batch batch = new Batch();
    private final List<Sequence> stepped = new ArrayList<>();
    private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();
    private final ReentrantLock stepLock = new ReentrantLock(true);
    private final ReentrantLock queueLock = new ReentrantLock();
    private final Condition changes = queueLock.newCondition();
    private VocabularyTrie vocabulary;
    private boolean changed;
    private boolean closed;
    private volatile EngineLoad load = new EngineLoad(0, 0, 0, 0, 0, 0);
    private long prefixQueries;
    private long prefixHits;
    private long preemptions;

    /**
     * @param model closed with the engine
     * @param isEnd which tokens end a text
     */
    public Engine(Transformer model, Tokenizer tokenizer, IntPredicate isEnd, EngineOptions options) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.options = options;
        this.pool = new KvPool(model.config(), options.kv());
        this.pace = new PromptPace(options.stepTime());
        this.contextLength =
                Math.min(model.config().maxPositions(), options.kv().positions());
        for (int token = 0; token < model.config().vocabularySize(); token++) {
            endTokens.set(token, isEnd.test(token));
        }
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
     * @throws IllegalArgumentException if a prompt is empty, or a prompt or bias has a token that the model does not know
     * @throws ContextLengthException if a prompt does not fit
     * @throws EngineFullException if too many requests wait already
     * @throws IllegalStateException if the engine is closed
     */
    public List<Generation> submit(List<GenerationRequest> requests) {
        List<Sequence> sequences = new ArrayList<>();
        Sequence leader = null;
        int[] leading = null;
        for (GenerationRequest request : requests) {
            check(request);
            boolean follows = leader != null
                    && Arrays.equals(request.prompt(), leading)
                    && leading.length > options.kv().blockSize();
            Sequence sequence = sequence(request, follows ? leader : null);
            if (!follows) {
                leader = sequence;
                leading = request.prompt();
            }
            sequences.add(sequence);
        }
        queueLock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            if (waiting.size() + sequences.size() > options.maxWaiting()) {
                throw new EngineFullException(waiting.size(), options.maxWaiting());
            }
            waiting.addAll(sequences);
            wakeUp();
        } finally {
            queueLock.unlock();
        }
        return List.copyOf(sequences);
    }

    private void check(GenerationRequest request) {
        int[] prompt = request.prompt();
        int vocabularySize = model.config().vocabularySize();
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty, expected at least one token");
        }
        if (prompt.length > contextLength
                || prompt.length == contextLength && request.options().maxTokens() > 0) {
            throw new ContextLengthException(prompt.length, contextLength);
        }
        for (int token : prompt) {
            checkToken("prompt", token, vocabularySize);
        }
        request.options()
                .sampling()
                .logitBias()
                .keySet()
                .forEach(token -> checkToken("logit_bias", token, vocabularySize));
        request.options().stop().tokens().forEach(token -> checkToken("stop_token_ids", token, vocabularySize));
    }

    private static void checkToken(String name, int token, int vocabularySize) {
        if (token < 0 || token >= vocabularySize) {
            throw new IllegalArgumentException(
                    name + " has the token " + token + ", which is outside 0.." + (vocabularySize - 1));
        }
    }

    private Sequence sequence(GenerationRequest request, Sequence leader) {
        StopOptions stop = request.options().stop();
        BitSet ends = new BitSet();
        if (!stop.ignoreEnd()) {
            ends.or(endTokens);
        }
        stop.tokens().forEach(ends::set);
        GrammarCursor grammar = request.options()
                .grammar()
                .map(form -> new GrammarCursor(form, vocabulary()))
                .orElse(null);
        return new Sequence(
                request, contextLength, model.kernels(), tokenizer, ends, grammar, leader, this::signalChange);
    }

    private VocabularyTrie vocabulary() {
        queueLock.lock();
        try {
            if (vocabulary == null) {
                vocabulary = new VocabularyTrie(tokenizer);
            }
            return vocabulary;
        } finally {
            queueLock.unlock();
        }
    }

    private void signalChange() {
        queueLock.lock();
        try {
            wakeUp();
        } finally {
            queueLock.unlock();
        }
    }

    private void wakeUp() {
        changed = true;
        changes.signalAll();
    }

    /** What the engine is busy with, for metrics. */
    public EngineLoad load() {
        EngineLoad last = load;
        queueLock.lock();
        try {
            return new EngineLoad(
                    last.running(),
                    waiting.size(),
                    last.kvUsage(),
                    last.prefixQueries(),
                    last.prefixHits(),
                    last.preemptions());
        } finally {
            queueLock.unlock();
        }
    }

    /** Does one step. Returns whether there was anything to compute. */
    public boolean step() {
        stepLock.lock();
        try {
            queueLock.lock();
            try {
                changed = false;
            } finally {
                queueLock.unlock();
            }
            dropEnded();
            admit();
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
            queueLock.lock();
            try {
                if (!changed && !closed) {
                    if (waiting.isEmpty() && load.running() == 0) {
                        changes.awaitUninterruptibly();
                    } else {
                        changes.await(IDLE_MILLIS, TimeUnit.MILLISECONDS); // all are paused: only time can change that
                    }
                }
                if (closed) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                queueLock.unlock();
            }
        }
    }

    private void failAll(Throwable cause) {
        stepLock.lock();
        queueLock.lock();
        try {
            running.forEach(sequence -> sequence.fail(cause));
            running.clear();
            waiting.forEach(sequence -> sequence.fail(cause));
            waiting.clear();
        } finally {
            queueLock.unlock();
            stepLock.unlock();
        }
    }

    private void admit() {
        queueLock.lock();
        try {
            for (Iterator<Sequence> each = waiting.iterator();
                    each.hasNext() && running.size() < options.maxRunning(); ) {
                Sequence next = each.next();
                if (!next.ready()) {
                    continue; // its prompt is being computed by another, then it costs nothing
                }
                // one block for each that is running, so that it is not stopped again at once
                int reserve = running.isEmpty() ? 0 : running.size() + 1;
                if (next.missingBlocks(pool) + reserve > pool.available()) {
                    return;
                }
                each.remove();
                boolean first = !next.hasStarted();
                next.start(pool);
                if (first) {
                    prefixQueries += next.length();
                    prefixHits += next.cachedTokens();
                }
                running.add(next);
            }
        } finally {
            queueLock.unlock();
        }
    }

    private void dropEnded() {
        long now = System.nanoTime();
        running.removeIf(sequence -> sequence.endIfOver(now));
        queueLock.lock();
        try {
            waiting.removeIf(sequence -> sequence.endIfOver(now));
        } finally {
            queueLock.unlock();
        }
    }

    /** Makes a batch of what is running and computes it. Returns whether there was anything. */
    private boolean compute() {
        batch.clear();
        stepped.clear();
        addGenerating();
        int budget = stepped.isEmpty() ? options.stepTokens() : pace.tokens(options.stepTokens());
        for (Sequence sequence : running) {
            int left = budget - batch.rows();
            if (!sequence.paused() && sequence.prefilling() && left > 0) {
                sequence.addTo(batch, left);
                stepped.add(sequence);
            }
        }
        if (stepped.isEmpty()) {
            return false;
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
            if (sequence.paused() || !sequence.decoding()) {
                continue;
            }
            while (!sequence.hasRoom() && pool.available() == 0) {
                Sequence youngest = running.removeLast();
                youngest.stop();
                preemptions++;
                queueLock.lock();
                try {
                    waiting.addFirst(youngest);
                } finally {
                    queueLock.unlock();
                }
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
        queueLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            wakeUp();
        } finally {
            queueLock.unlock();
        }
        stepLock.lock();
        try {
            running.forEach(Sequence::cancel);
            waiting.forEach(Sequence::cancel);
            dropEnded();
            model.close();
        } finally {
            stepLock.unlock();
        }
    }
}
