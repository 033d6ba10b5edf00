package io.karipap.train;

import io.karipap.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The course of a run, one JSON object a line, and its plot. */
final class LossCurve {
    /** Name of the file. */
    static final String NAME = "curve.jsonl";

    /** Name of its plot. */
    static final String PLOT = "curve.svg";

    private final Path file;

    /** @param step lines after this step are of a run that was killed; they are dropped */
    LossCurve(Path folder, long step) throws IOException {
        file = folder.resolve(NAME);
        List<String> kept = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.endsWith("}") && Json.parse(line).path("step").asLong() <= step) {
                    kept.add(line);
                }
            }
        }
        Files.write(file, kept);
    }

    void training(long step, long tokens, double loss, double rate, double gradientNorm, double tokensPerSecond)
            throws IOException {
        ObjectNode line = Json.object()
                .put("step", step)
                .put("tokens", tokens)
                .put("loss", loss)
                .put("rate", rate)
                .put("gradient_norm", gradientNorm)
                .put("tokens_per_second", Math.round(tokensPerSecond));
        append(line);
    }

    void validation(long step, long tokens, double nats, Map<String, Double> byText) throws IOException {
        ObjectNode line = Json.object().put("step", step).put("tokens", tokens).put("validation", nats);
        ObjectNode texts = line.putObject("texts");
        byText.forEach(texts::put);
        append(line);
    }

    private void append(ObjectNode line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND, StandardOpenOption.CREATE);
    }

    /** Draws loss and validation loss over tokens as SVG. */
    void plot(Path svg) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(500)
                .xAxisTitle("million tokens")
                .yAxisTitle("nats per token")
                .build();
        series(chart, "training", "loss");
        series(chart, "validation", "validation");
        ChartEncoder.saveChart(chart, svg.toString(), "svg");
    }

    private void series(XYChart chart, String name, String field) throws IOException {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = Json.parse(line);
            if (node.has(field)) {
                x.add(node.path("tokens").asDouble() / 1e6);
                y.add(node.path(field).asDouble());
            }
        }
        if (!x.isEmpty()) {
            chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
        }
    }
}
