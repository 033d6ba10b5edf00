package io.karipap.server;

import io.karipap.generate.EngineLoad;
import io.karipap.generate.FinishReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What the server counts, under the names of OpenTelemetry's GenAI conventions where there are any. */
final class ServerMetrics implements AutoCloseable {
    private static final double[] LATENCIES = {.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
    };
    private static final double[] TOKEN_TIMES = {
        .001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final AtomicLong inFlight = new AtomicLong();
    private final Timer duration = timer("gen_ai.server.request.duration", LATENCIES);
    private final Timer firstToken = timer("gen_ai.server.time_to_first_token", LATENCIES);
    private final Timer perToken = timer("gen_ai.server.time_per_output_token", TOKEN_TIMES);
    private final DistributionSummary inputTokens = tokenUsage("input");
    private final DistributionSummary outputTokens = tokenUsage("output");
    private final Counter promptTokens = registry.counter("karipap.prompt.tokens");
    private final Counter generationTokens = registry.counter("karipap.generation.tokens");

    ServerMetrics() {
        Gauge.builder("karipap.http.requests.in_flight", inFlight, AtomicLong::get)
                .register(registry);
        Gauge.builder("karipap.build.info", () -> 1)
                .tag("version", BuildInfo.VERSION)
                .tag("java", Runtime.version().toString())
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        garbage.bindTo(registry);
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
            new NettyAllocatorMetrics(provider).bindTo(registry);
        }
    }

    private Timer timer(String name, double[] seconds) {
        return Timer.builder(name)
                .serviceLevelObjectives(DoubleStream.of(seconds)
                        .mapToObj(each -> Duration.ofNanos((long) (each * 1e9)))
                        .toArray(Duration[]::new))
                .register(registry);
    }

    private DistributionSummary tokenUsage(String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .tag("gen_ai.token.type", type)
                .serviceLevelObjectives(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536)
                .register(registry);
    }

    /** Shows what the model's engine does. */
    void serve(ServedModel served) {
        gauge("karipap.requests.running", served, EngineLoad::running);
        gauge("karipap.requests.waiting", served, EngineLoad::waiting);
        gauge("karipap.kv.cache.usage", served, EngineLoad::kvUsage);
        counter("karipap.prefix.cache.queries", served, EngineLoad::prefixQueries);
        counter("karipap.prefix.cache.hits", served, EngineLoad::prefixHits);
        counter("karipap.preemptions", served, EngineLoad::preemptions);
        Gauge.builder("karipap.model.info", () -> 1)
                .tag("model", served.model().name())
                .tag("kernels", served.model().kernelName())
                .register(registry);
    }

    private void gauge(String name, ServedModel served, ToDoubleFunction<EngineLoad> value) {
        Gauge.builder(
                        name,
                        served,
                        each -> value.applyAsDouble(each.model().engine().load()))
                .strongReference(true)
                .register(registry);
    }

    private void counter(String name, ServedModel served, ToDoubleFunction<EngineLoad> value) {
        FunctionCounter.builder(
                        name,
                        served,
                        each -> value.applyAsDouble(each.model().engine().load()))
                .register(registry);
    }

    void requestBegun() {
        inFlight.incrementAndGet();
    }

    /** Requests that have begun and not ended. */
    long inFlight() {
        return inFlight.get();
    }

    void firstToken(long nanos) {
        firstToken.record(Duration.ofNanos(nanos));
    }

    void textFinished(FinishReason reason) {
        registry.counter(
                        "karipap.request.success",
                        "finish_reason",
                        reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /**
     * @param nanos whole time
     * @param afterFirst time from the first token to the end
     * @param texts number of texts in the request
     */
    void requestFinished(long nanos, long afterFirst, int texts, Usage usage) {
        duration.record(Duration.ofNanos(nanos));
        double others = (double) usage.completion() / texts - 1;
        if (others > 0) {
            perToken.record(Duration.ofNanos((long) (afterFirst / others)));
        }
        inputTokens.record(usage.prompt());
        outputTokens.record(usage.completion());
        promptTokens.increment(usage.prompt());
        generationTokens.increment(usage.completion());
    }

    /** Counts an HTTP response; the last word on a request. */
    void response(String route, int status) {
        inFlight.decrementAndGet();
        registry.counter("karipap.http.responses", "route", route, "status", Integer.toString(status))
                .increment();
    }

    /** Everything in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
