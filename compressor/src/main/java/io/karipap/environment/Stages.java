package io.karipap.environment;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each stage of a long work took. */
public final class Stages {
    private final Map<String, Duration> durations = new LinkedHashMap<>();

    /** A part of the work. */
    @FunctionalInterface
    public interface Stage<T> {
        T run() throws IOException;
    }

    /** Runs a stage; times of stages of the same name add up. */
    public <T> T run(String name, Stage<T> stage) throws IOException {
        long start = System.nanoTime();
        T result = stage.run();
        durations.merge(name, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
        return result;
    }

    /** Times by stage, in order. */
    public Map<String, Duration> durations() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(durations));
    }
}
