package io.karipap.generate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/** Sequences that wait, in order, and the bell that wakes up the thread that computes them. Thread-safe. */
final class RequestQueue {
    /** How often time limits are looked at while nothing can be computed. */
    private static final long IDLE_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changes = lock.newCondition();
    private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
    private final int limit;
    private boolean changed;
    private boolean closed;

    /** What becomes of a sequence whose turn it is. */
    enum Verdict {
        /** It leaves the queue. */
        ADMITTED,
        /** It stays, and the next one is asked. */
        PASSED_OVER,
        /** It stays, and nobody else is asked. */
        NO_ROOM
    }

    /** A queue of at most {@code limit} sequences. */
    RequestQueue(int limit) {
        this.limit = limit;
    }

    /**
     * Appends sequences, all or none.
     *
     * @throws EngineFullException if there would be more than the limit
     * @throws IllegalStateException if the queue is closed
     */
    void add(List<Sequence> sequences) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            if (waiting.size() + sequences.size() > limit) {
                throw new EngineFullException(waiting.size(), limit);
            }
            waiting.addAll(sequences);
            wakeUp();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a sequence that had been admitted before all others. */
    void putBack(Sequence sequence) {
        lock.lock();
        try {
            waiting.addFirst(sequence);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Asks for every sequence, in order, whether it is admitted. */
    void admit(Function<Sequence, Verdict> judge) {
        lock.lock();
        try {
            for (Iterator<Sequence> each = waiting.iterator(); each.hasNext(); ) {
                switch (judge.apply(each.next())) {
                    case ADMITTED -> each.remove();
                    case PASSED_OVER -> {}
                    case NO_ROOM -> {
                        return;
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void removeIf(Predicate<Sequence> condition) {
        lock.lock();
        try {
            waiting.removeIf(condition);
        } finally {
            lock.unlock();
        }
    }

    /** Takes all. */
    List<Sequence> drain() {
        lock.lock();
        try {
            List<Sequence> all = new ArrayList<>(waiting);
            waiting.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Something has changed that may give the engine work. */
    void ring() {
        lock.lock();
        try {
            wakeUp();
        } finally {
            lock.unlock();
        }
    }

    private void wakeUp() {
        changed = true;
        changes.signalAll();
    }

    /** From now on changes count. */
    void beginStep() {
        lock.lock();
        try {
            changed = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something changes after {@link #beginStep}, or for a while where sequences only wait for time to pass.
     *
     * @param running sequences that have been admitted
     * @return whether the queue is still open
     */
    boolean awaitChange(int running) throws InterruptedException {
        lock.lock();
        try {
            if (!changed && !closed) {
                if (waiting.isEmpty() && running == 0) {
                    changes.awaitUninterruptibly();
                } else {
                    changes.await(IDLE_MILLIS, TimeUnit.MILLISECONDS); // all are paused: only time can change that
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more sequences; returns whether it took some until now. */
    boolean close() {
        lock.lock();
        try {
            boolean open = !closed;
            closed = true;
            wakeUp();
            return open;
        } finally {
            lock.unlock();
        }
    }
}
