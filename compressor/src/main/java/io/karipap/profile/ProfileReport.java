package io.karipap.profile;

import io.karipap.json.Json;
import io.karipap.profile.CutProfile.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The entanglement profile of a model as JSON and as pictures.
 *
 * @param cuts of its operators
 */
public record ProfileReport(List<CutProfile> cuts) {

    /** Kind of an operator: the part of its name that does not tell the block. */
    private static String kind(CutProfile cut) {
        String name = cut.operator().replace(".weight", "");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Mean relative entropy of a cut by block, embeddings and head left out. */
    public Map<Integer, Double> byBlock(Cut cut) {
        Map<Integer, List<Double>> values = new LinkedHashMap<>();
        for (CutProfile profile : cuts) {
            if (profile.cut() == cut && profile.operator().contains(".layers.")) {
                values.computeIfAbsent(profile.layer(), layer -> new ArrayList<>())
                        .add(profile.relativeEntropy());
            }
        }
        Map<Integer, Double> means = new LinkedHashMap<>();
        values.forEach((layer, list) -> means.put(
                layer, list.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
        return means;
    }

    /** Spearman's rank correlation of depth and entropy: −1 where every deeper block has more room than the one before. */
    public double depthCorrelation(Cut cut) {
        List<Double> values = List.copyOf(byBlock(cut).values());
        int n = values.size();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double own = values.get(i);
            double rank = values.stream().filter(other -> other < own).count();
            sum += (i - rank) * (i - rank);
        }
        return n < 2 ? 0 : 1 - 6 * sum / ((double) n * ((double) n * n - 1));
    }

    /**
     * Writes {@code profile.json}, {@code spectra.svg}, {@code entropies.svg} and the same as PNG.
     *
     * @param directory made if there is none
     */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("profile.json"), json());
        for (Map.Entry<String, XYChart> chart :
                Map.of("entropies", entropies(), "spectra", spectra()).entrySet()) {
            String file = directory.resolve(chart.getKey()).toString();
            ChartEncoder.saveChart(chart.getValue(), file + ".png", "png");
            ChartEncoder.saveChart(chart.getValue(), file + ".svg", "svg");
        }
    }

    private byte[] json() {
        ObjectNode root = Json.object();
        ObjectNode depth = root.putObject("depth_correlation");
        for (Cut cut : Cut.values()) {
            depth.put(cut.name().toLowerCase(Locale.ROOT), depthCorrelation(cut));
        }
        ArrayNode list = root.putArray("cuts");
        for (CutProfile profile : cuts) {
            ObjectNode node = list.addObject();
            node.put("operator", profile.operator())
                    .put("block", profile.layer())
                    .put("cut", profile.cut().name().toLowerCase(Locale.ROOT))
                    .put("entropy", profile.entropy())
                    .put("relative_entropy", profile.relativeEntropy())
                    .put("bond_for_99_percent", profile.bondFor(0.99));
            ArrayNode values = node.putArray("weights");
            for (double p : profile.probabilities()) {
                values.add((float) p);
            }
        }
        return Json.prettyBytes(root);
    }

    private XYChart entropies() {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(520)
                .title("Entanglement entropy by block (whitened cut, 1 = no room)")
                .xAxisTitle("block")
                .yAxisTitle("entropy / ln(full rank)")
                .build();
        Map<String, List<CutProfile>> kinds = new LinkedHashMap<>();
        for (CutProfile profile : cuts) {
            if (profile.cut() == Cut.WHITENED && profile.operator().contains(".layers.")) {
                kinds.computeIfAbsent(kind(profile), name -> new ArrayList<>()).add(profile);
            }
        }
        kinds.forEach((kind, profiles) -> chart.addSeries(
                kind,
                profiles.stream().mapToDouble(CutProfile::layer).toArray(),
                profiles.stream().mapToDouble(CutProfile::relativeEntropy).toArray()));
        Map<Integer, Double> means = byBlock(Cut.WHITENED);
        chart.addSeries(
                        "mean",
                        means.keySet().stream()
                                .mapToDouble(Integer::doubleValue)
                                .toArray(),
                        means.values().stream().mapToDouble(Double::doubleValue).toArray())
                .setLineWidth(4);
        return chart;
    }

    private XYChart spectra() {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(520)
                .title("What a bond dimension drops (whitened cut, mean over operators)")
                .xAxisTitle("bond dimension / full rank")
                .yAxisTitle("discarded weight")
                .build();
        chart.getStyler().setYAxisLogarithmic(true);
        Map<Integer, List<CutProfile>> blocks = new LinkedHashMap<>();
        for (CutProfile profile : cuts) {
            if (profile.cut() == Cut.WHITENED && profile.operator().contains(".layers.")) {
                blocks.computeIfAbsent(profile.layer(), layer -> new ArrayList<>())
                        .add(profile);
            }
        }
        blocks.forEach((layer, profiles) -> {
            double[] x = new double[20];
            double[] y = new double[20];
            for (int i = 0; i < x.length; i++) {
                x[i] = (i + 0.5) / x.length;
                for (CutProfile profile : profiles) {
                    int kept = (int) (x[i] * profile.probabilities().length);
                    double dropped = 0;
                    for (int k = profile.probabilities().length - 1; k >= kept; k--) {
                        dropped += profile.probabilities()[k];
                    }
                    y[i] += Math.max(1e-9, dropped) / profiles.size();
                }
            }
            chart.addSeries("block " + layer, x, y).setMarker(SeriesMarkers.NONE);
        });
        return chart;
    }
}
