package io.karipap.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Puts loads on a target. */
public final class LoadGenerator {
    private final LoadTarget target;
    private final Prompts prompts;
    private final LoadPlan plan;

    public LoadGenerator(LoadTarget target, Prompts prompts, LoadPlan plan) {
        this.target = target;
        this.prompts = prompts;
        this.plan = plan;
    }

    /** {@code clients} clients that each ask again as soon as they are answered. */
    public LoadReport closedLoop(int clients) {
        Queue<RequestTimes> all = new ConcurrentLinkedQueue<>();
        SplittableRandom seeds = new SplittableRandom(seed(clients));
        long from = System.nanoTime() + plan.warmUp().toNanos();
        long to = from + plan.duration().toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                int client = i;
                SplittableRandom random = seeds.split();
                threads.submit(() -> {
                    while (System.nanoTime() - to < 0) {
                        all.add(ask(client, random));
                    }
                });
            }
        }
        return LoadReport.of(target.name(), clients, 0, List.copyOf(all), from, to, plan);
    }

    /** Requests that arrive at random, {@code rate} a second on average (a Poisson process), whether or not others are answered. */
    public LoadReport poisson(double rate) {
        Queue<RequestTimes> all = new ConcurrentLinkedQueue<>();
        SplittableRandom random = new SplittableRandom(seed((long) (rate * 1000)));
        long from = System.nanoTime() + plan.warmUp().toNanos();
        long to = from + plan.duration().toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long next = System.nanoTime();
            for (int i = 0; next - to < 0; i++) {
                int client = i;
                SplittableRandom own = random.split();
                sleepUntil(next);
                threads.submit(() -> all.add(ask(client, own)));
                next += (long) (-Math.log(1 - random.nextDouble()) / rate * 1e9);
            }
        }
        return LoadReport.of(target.name(), 0, rate, List.copyOf(all), from, to, plan);
    }

    /**
     * How much sooner the first token comes where the beginning of the prompt is known.
     *
     * @param pairs how many times a beginning is sent twice
     * @param prefixTokens about how many tokens it has
     */
    public PrefixReport prefix(int pairs, int prefixTokens) {
        SplittableRandom random = new SplittableRandom(seed(prefixTokens));
        double[] first = new double[pairs];
        double[] second = new double[pairs];
        double tokens = 0;
        double cached = 0;
        for (int i = -2; i < pairs; i++) { // two to warm up
            String prefix = prompts.next(prefixTokens, random);
            RequestTimes one = target.generate(0, prefix + " " + prompts.next(8, random), 2, i);
            RequestTimes two = target.generate(0, prefix + " " + prompts.next(8, random), 2, i);
            if (!one.succeeded() || !two.succeeded()) {
                throw new IllegalStateException("a request failed: " + one.error() + ", " + two.error());
            }
            if (i >= 0) {
                first[i] = one.firstTokenMillis();
                second[i] = two.firstTokenMillis();
                tokens += (double) two.promptTokens() / pairs;
                cached += (double) two.cachedTokens() / pairs;
            }
        }
        return new PrefixReport(
                target.name(),
                tokens,
                cached,
                LoadReport.Percentiles.of(Arrays.stream(first)),
                LoadReport.Percentiles.of(Arrays.stream(second)));
    }

    private RequestTimes ask(int client, SplittableRandom random) {
        String prompt = prompts.next(plan.promptTokens(), random);
        RequestTimes times = target.generate(client, prompt, plan.maxTokens(), random.nextLong());
        if (times.error() != null) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos()); // who is refused does not ask again at once
        }
        return times;
    }

    /** Two targets that share an engine are not asked the same. */
    private long seed(long load) {
        return target.name().hashCode() * 1_000_003L + load;
    }

    private static void sleepUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
