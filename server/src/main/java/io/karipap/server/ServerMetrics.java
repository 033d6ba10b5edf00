package io.karipap.server;

import io.karipap.generate.Engine;
import io.karipap.generate.FinishReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** What the server counts, under the names of OpenTelemetry's GenAI conventions where there are any. */
final class ServerMetrics {
    private static final Duration[] FIRST_TOKEN_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(40),
        Duration.ofMillis(60),
        Duration.ofMillis(80),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofMillis(750),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofMillis(7500),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer duration;
    private final Timer firstToken;
    private final Counter promptTokens;
    private final Counter generationTokens;

    ServerMetrics(Engine engine) {
        duration = Timer.builder("gen_ai.server.request.duration")
                .serviceLevelObjectives(FIRST_TOKEN_BUCKETS)
                .register(registry);
        firstToken = Timer.builder("gen_ai.server.time_to_first_token")
                .serviceLevelObjectives(FIRST_TOKEN_BUCKETS)
                .register(registry);
        promptTokens = registry.counter("karipap.prompt.tokens");
        generationTokens = registry.counter("karipap.generation.tokens");
        Gauge.builder("karipap.requests.running", engine, e -> e.load().running())
                .register(registry);
        Gauge.builder("karipap.requests.waiting", engine, e -> e.load().waiting())
                .register(registry);
        Gauge.builder("karipap.kv.cache.usage", engine, e -> e.load().kvUsage()).register(registry);
        new JvmMemoryMetrics().bindTo(registry);
    }

    void firstToken(long nanos) {
        firstToken.record(Duration.ofNanos(nanos));
    }

    void finished(long nanos, FinishReason reason, int prompt, int generated) {
        duration.record(Duration.ofNanos(nanos));
        promptTokens.increment(prompt);
        generationTokens.increment(generated);
        registry.counter(
                        "karipap.request.success",
                        "finish_reason",
                        reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** Counts an HTTP response. */
    void response(String route, int status) {
        registry.counter("karipap.http.responses", "route", route, "status", Integer.toString(status))
                .increment();
    }

    /** Everything in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }
}
