package io.karipap.kernels;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that all run the same task, each its own part. Dispatch is a generation counter that idle workers spin on
 * for a while and then park: about a microsecond while work keeps coming, nothing at all when it does not.
 *
 * <p>{@link #run} may be called by one thread at a time.
 */
public final class WorkerTeam implements AutoCloseable {
    /** About 100 µs of spinning. Longer would starve the JIT compiler on a small machine. */
    private static final int SPINS = 20_000;

    /** With more threads than processors, who spins keeps another from working. */
    private static final int SPINS_OVERSUBSCRIBED = 50;

    /** Below this many elements a loop is not worth splitting. */
    private static final int MIN_PARALLEL_ELEMENTS = 1 << 14;

    private final int spinLimit;
    private final Worker[] workers;
    private final AtomicInteger running = new AtomicInteger();
    private volatile int generation;
    private volatile boolean closed;
    private Task task;
    private volatile Throwable failure;

    /** Work that splits into parts. */
    @FunctionalInterface
    public interface Task {
        /** Does part {@code part} of {@code parts}. */
        void run(int part, int parts);
    }

    /**
     * @param threads size of the team, the calling thread included
     * @throws IllegalArgumentException if {@code threads} is less than 1
     */
    public WorkerTeam(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        spinLimit = threads > Runtime.getRuntime().availableProcessors() ? SPINS_OVERSUBSCRIBED : SPINS;
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    /** Size of the team, the calling thread included. */
    public int size() {
        return workers.length + 1;
    }

    /** Whether a loop over so many elements, a few operations each, is worth splitting among the threads. */
    public boolean isWorth(long elements) {
        return size() > 1 && elements >= MIN_PARALLEL_ELEMENTS;
    }

    /** Runs all parts of {@code task} and returns when all are done; what a part throws is thrown here. */
    public void run(Task task) {
        if (workers.length == 0) {
            task.run(0, 1);
            return;
        }
        this.task = task;
        failure = null;
        running.set(workers.length);
        generation++; // publishes the task; only one thread dispatches
        for (Worker worker : workers) {
            if (worker.parked) {
                LockSupport.unpark(worker);
            }
        }
        try {
            task.run(0, workers.length + 1);
            for (Worker worker : workers) {
                // one that has no processor just now would keep all others waiting
                worker.runPart(generation);
            }
        } finally {
            for (int spins = 0; running.get() != 0; spins++) {
                if (spins < spinLimit) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private final class Worker extends Thread {
        private final int part;
        /** The last generation whose part was taken, by this thread or by the caller. */
        private final AtomicInteger taken = new AtomicInteger();

        private volatile boolean parked;

        Worker(int part) {
            super("karipap-worker-" + part);
            this.part = part;
            setDaemon(true);
        }

        @Override
        public void run() {
            int seen = 0;
            while (awaitGenerationAfter(seen)) {
                seen = generation;
                runPart(seen);
            }
        }

        /** Does this worker's part of the task of a generation, unless someone has taken it. */
        private void runPart(int wanted) {
            int last = taken.get();
            if (last - wanted >= 0 || !taken.compareAndSet(last, wanted)) {
                return;
            }
            try {
                task.run(part, workers.length + 1);
            } catch (Throwable t) {
                failure = t;
            } finally {
                running.decrementAndGet();
            }
        }

        private boolean awaitGenerationAfter(int seen) {
            for (int spins = 0; generation == seen; spins++) {
                if (closed) {
                    return false;
                }
                if (spins < spinLimit) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (generation == seen && !closed) {
                        LockSupport.park(WorkerTeam.this);
                    }
                    parked = false;
                }
            }
            return true;
        }
    }
}
