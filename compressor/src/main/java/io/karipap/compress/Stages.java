package io.karipap.compress;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each stage of a long work took. */
final class Stages {
    private final Map<String, Duration> durations = new LinkedHashMap<>();

    @FunctionalInterface
    interface Stage<T> {
        T run() throws IOException;
    }

    /** Runs a stage; times of stages of the same name add up. */
    <T> T run(String name, Stage<T> stage) throws IOException {
        long start = System.nanoTime();
        T result = stage.run();
        durations.merge(name, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
        return result;
    }

    /** Times by stage, in order. */
    Map<String, Duration> durations() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(durations));
    }
}
