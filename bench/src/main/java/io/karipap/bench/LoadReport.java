package io.karipap.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a load got. Times in milliseconds; rates per second of the counted time.
 *
 * @param target what the load was put on
 * @param concurrency clients that ask one request after the other; 0 for arrivals at a rate
 * @param rate requests/s that arrive; 0 for a fixed concurrency
 * @param requests requests that ended within the counted time
 * @param errors failures by reason
 * @param requestRate successful requests/s
 * @param goodput requests/s that kept all targets
 * @param tokenRate tokens/s that came
 * @param promptTokens mean tokens of a prompt
 * @param fairness tokens of the client that got most over those of the one that got least; 0 for arrivals at a rate
 * @param firstToken time to the first token
 * @param perToken mean time of a token after the first, by request
 * @param interToken time between two pieces of a text
 * @param total whole time
 */
public record LoadReport(
        String target,
        int concurrency,
        double rate,
        int requests,
        Map<String, Long> errors,
        double requestRate,
        double goodput,
        double tokenRate,
        double promptTokens,
        double fairness,
        Percentiles firstToken,
        Percentiles perToken,
        Percentiles interToken,
        Percentiles total) {
    /** A distribution. */
    public record Percentiles(double mean, double p50, double p90, double p99) {
        static Percentiles of(DoubleStream values) {
            double[] sorted = values.sorted().toArray();
            return new Percentiles(
                    Arrays.stream(sorted).average().orElse(0), at(sorted, .5), at(sorted, .9), at(sorted, .99));
        }

        private static double at(double[] sorted, double share) {
            return sorted.length == 0
                    ? 0
                    : sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
        }
    }

    /**
     * @param all requests, those included that began before or ended after the counted time
     * @param from beginning of the counted time
     * @param to its end
     */
    static LoadReport of(
            String target, int concurrency, double rate, List<RequestTimes> all, long from, long to, LoadPlan plan) {
        double seconds = (to - from) / 1e9;
        List<RequestTimes> ended = all.stream()
                .filter(each -> each.end() - from >= 0 && each.end() - to <= 0)
                .toList();
        List<RequestTimes> good = ended.stream().filter(RequestTimes::succeeded).toList();
        Map<Integer, Long> perClient = new TreeMap<>();
        for (RequestTimes each : all) {
            perClient.merge(each.client(), pieces(each, from, to), Long::sum);
        }
        long pieces = perClient.values().stream().mapToLong(Long::longValue).sum();
        // a piece may be several tokens: count tokens as pieces times the mean of tokens per piece
        double tokensPerPiece = all.stream()
                        .filter(RequestTimes::succeeded)
                        .mapToInt(RequestTimes::completionTokens)
                        .sum()
                / Math.max(
                        1.0,
                        all.stream().mapToInt(each -> each.arrivals().size()).sum());
        long most = perClient.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long least =
                perClient.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return new LoadReport(
                target,
                concurrency,
                rate,
                ended.size(),
                ended.stream()
                        .filter(each -> each.error() != null)
                        .collect(Collectors.groupingBy(RequestTimes::error, TreeMap::new, Collectors.counting())),
                good.size() / seconds,
                ended.stream().filter(plan.targets()::metBy).count() / seconds,
                pieces * tokensPerPiece / seconds,
                good.stream().mapToInt(RequestTimes::promptTokens).average().orElse(0),
                concurrency == 0 || least == 0 ? 0 : (double) most / least,
                Percentiles.of(good.stream().mapToDouble(RequestTimes::firstTokenMillis)),
                Percentiles.of(good.stream().mapToDouble(RequestTimes::perTokenMillis)),
                Percentiles.of(good.stream().flatMapToDouble(LoadReport::gaps)),
                Percentiles.of(good.stream().mapToDouble(RequestTimes::totalMillis)));
    }

    private static long pieces(RequestTimes times, long from, long to) {
        return times.arrivals().stream()
                .filter(each -> each - from >= 0 && each - to <= 0)
                .count();
    }

    private static DoubleStream gaps(RequestTimes times) {
        List<Long> arrivals = times.arrivals();
        return IntStream.range(1, arrivals.size()).mapToDouble(i -> (arrivals.get(i) - arrivals.get(i - 1)) / 1e6);
    }
}
