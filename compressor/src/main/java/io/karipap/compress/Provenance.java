package io.karipap.compress;

import io.karipap.directory.Sha256;
import io.karipap.evaluate.Perplexity;
import io.karipap.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a Karipap directory says about where it comes from and what was lost. */
final class Provenance {

    private Provenance() {}

    /** Everything but the quality. */
    static JsonNode begin(
            String sourceHash,
            CompressionOptions options,
            long calibrationTokens,
            List<CompressionReport.CellReport> cells) {
        ObjectNode node = Json.object();
        node.put("source_sha256", sourceHash);
        node.put("ansatz", options.repertoire().label());
        node.put("budget", options.budget().toString());
        node.putObject("calibration")
                .put("text_sha256", Sha256.of(options.calibration().text()))
                .put("tokens", calibrationTokens);
        ArrayNode list = node.putArray("cells");
        for (CompressionReport.CellReport cell : cells) {
            ObjectNode entry = list.addObject();
            cell.operators().forEach(entry.putArray("operators")::add);
            entry.put("written", cell.written())
                    .put("parameters", cell.parameters())
                    .put("discarded_weight", cell.error());
        }
        return node;
    }

    /** Adds sizes and quality. */
    static JsonNode finish(JsonNode begun, CompressionReport report) {
        ObjectNode node = (ObjectNode) begun.deepCopy();
        node.put("parameters_before", report.sizeBefore().parameters());
        node.put("parameters_after", report.sizeAfter().parameters());
        ObjectNode quality = node.putObject("quality");
        quality.put("tokens", report.before().tokens());
        put(quality, "nats_per_token_before", report.before());
        put(quality, "nats_per_token_after", report.after());
        return node;
    }

    private static void put(ObjectNode node, String name, Perplexity perplexity) {
        node.put(name, perplexity.natsPerToken());
    }
}
