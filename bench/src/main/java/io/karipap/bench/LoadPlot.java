package io.karipap.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Throughput and latency over the load. */
public final class LoadPlot {
    private LoadPlot() {}

    /** Writes a PNG: tokens/s, time to the first token, time between tokens, over clients or arrivals a second. */
    public static void write(List<LoadReport> reports, Path file) throws IOException {
        boolean closed = reports.getFirst().concurrency() > 0;
        String load = closed ? "clients" : "requests/s that arrive";
        ToDoubleFunction<LoadReport> x = closed ? LoadReport::concurrency : LoadReport::rate;
        List<XYChart> charts = List.of(
                chart("tokens/s", load, reports, x, Map.of("", LoadReport::tokenRate)),
                chart(
                        "time to first token, ms",
                        load,
                        reports,
                        x,
                        Map.of(" p50", r -> r.firstToken().p50(), " p99", r -> r.firstToken()
                                .p99())),
                chart(
                        "time between tokens, ms",
                        load,
                        reports,
                        x,
                        Map.of(" p50", r -> r.interToken().p50(), " p99", r -> r.interToken()
                                .p99())));
        BitmapEncoder.saveBitmap(charts, 1, charts.size(), file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static XYChart chart(
            String title,
            String load,
            List<LoadReport> reports,
            ToDoubleFunction<LoadReport> x,
            Map<String, ToDoubleFunction<LoadReport>> lines) {
        XYChart chart = new XYChartBuilder()
                .width(520)
                .height(400)
                .title(title)
                .xAxisTitle(load)
                .build();
        Map<String, List<LoadReport>> targets = reports.stream().collect(Collectors.groupingBy(LoadReport::target));
        targets.forEach((target, own) -> lines.forEach((suffix, y) -> chart.addSeries(
                target + suffix,
                own.stream().mapToDouble(x).toArray(),
                own.stream().mapToDouble(y).toArray())));
        return chart;
    }
}
