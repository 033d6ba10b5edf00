package io.karipap.generate;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Text as it is generated, piece by piece. It can be iterated once, by one thread, which does the work while it waits. Close it to stop
 * early.
 *
 * @since 0.1
 */
public final class TextStream implements Iterable<String>, Iterator<String>, AutoCloseable {
    private final Engine engine;
    private final Queue<GenerationEvent> events = new ArrayDeque<>();
    private final Generation generation;
    private String next;
    private GenerationEvent end;

    TextStream(Engine engine, int[] prompt, GenerationOptions options) {
        this.engine = engine;
        this.generation = engine.submit(prompt, options, event -> {
            synchronized (events) {
                events.add(event);
            }
        });
    }

    @Override
    public Iterator<String> iterator() {
        return this;
    }

    @Override
    public boolean hasNext() {
        while (next == null && end == null) {
            GenerationEvent event = poll();
            if (event == null) {
                engine.step();
                continue;
            }
            switch (event) {
                case GenerationEvent.PromptToken scored -> {}
                case GenerationEvent.Token token -> next = token.text().isEmpty() ? null : token.text();
                case GenerationEvent.Finished finished -> {
                    end = finished;
                    next = finished.text().isEmpty() ? null : finished.text();
                }
                case GenerationEvent.Failed failed -> {
                    end = failed;
                    throw new IllegalStateException("generation failed: " + failed.cause(), failed.cause());
                }
            }
        }
        return next != null;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String piece = next;
        next = null;
        return piece;
    }

    /** How it ended, once {@link #hasNext} is false. */
    public GenerationEvent.Finished end() {
        if (end instanceof GenerationEvent.Finished finished) {
            return finished;
        }
        throw new IllegalStateException("the text has not ended yet");
    }

    /** Reads to the end; hands each piece to {@code callback} as it comes. */
    GenerationResult readAll(Consumer<String> callback) {
        StringBuilder text = new StringBuilder();
        for (String piece : this) {
            text.append(piece);
            callback.accept(piece);
        }
        GenerationEvent.Finished finished = end();
        return new GenerationResult(
                text.toString(), finished.reason(), finished.promptTokens(), finished.completionTokens());
    }

    @Override
    public void close() {
        generation.cancel();
    }

    private GenerationEvent poll() {
        synchronized (events) {
            return events.poll();
        }
    }
}
