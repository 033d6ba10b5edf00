package io.karipap.cli;

import io.karipap.cli.option.CacheOption;
import io.karipap.hub.ByteCount;
import io.karipap.hub.HubCache;
import io.karipap.hub.HubSettings;
import io.karipap.hub.RepositoryFile;
import io.karipap.hub.Snapshot;
import io.karipap.json.Json;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the models of the cache. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the models that were pulled, by Karipap or by any program that uses Hugging Face's cache.",
            "A date is that of the newest file; MODEL is what --model, pull and rm take."
        },
        footer = {
            "",
            "Examples:",
            "  karipap list",
            "  karipap list --json | jq -r '.models[] | select(.bytes > 1e9) | .name'"
        })
final class ListCommand implements Callable<Integer> {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int SHORT_COMMIT = 7;

    @Mixin
    private CacheOption cache;

    @Option(names = "--json", description = "As JSON, with commits, paths and the size of every file.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        HubSettings settings = cache.settings();
        List<Snapshot> snapshots = new HubCache(settings.cache()).snapshots();
        if (json) {
            System.out.println(Json.pretty(json(settings, snapshots)));
        } else if (snapshots.isEmpty()) {
            System.err.println("no models in " + settings.cache() + "; ./karipap pull owner/repo gets one");
        } else {
            print(snapshots);
        }
        return 0;
    }

    private static void print(List<Snapshot> snapshots) {
        int width = snapshots.stream()
                .mapToInt(snapshot -> model(snapshot).length())
                .max()
                .orElse(0);
        String row = "%-" + Math.max(width, "MODEL".length()) + "s  %-7s  %9s  %5s  %s%n";
        System.out.printf(Locale.ROOT, row, "MODEL", "COMMIT", "SIZE", "FILES", "DATE");
        for (Snapshot snapshot : snapshots) {
            System.out.printf(
                    Locale.ROOT,
                    row,
                    model(snapshot),
                    snapshot.commit()
                            .substring(
                                    0, Math.min(SHORT_COMMIT, snapshot.commit().length())),
                    ByteCount.text(snapshot.bytes()),
                    snapshot.files().size(),
                    DATE.format(snapshot.modified()));
        }
    }

    private static String model(Snapshot snapshot) {
        String revision = snapshot.revision();
        return snapshot.repository()
                + (revision.equals("main")
                        ? ""
                        : "@" + (revision.equals(snapshot.commit()) ? revision.substring(0, SHORT_COMMIT) : revision));
    }

    private static ObjectNode json(HubSettings settings, List<Snapshot> snapshots) {
        ObjectNode root = Json.object();
        root.put("cache", settings.cache().toString());
        ArrayNode models = root.putArray("models");
        for (Snapshot snapshot : snapshots) {
            ObjectNode model = models.addObject();
            model.put("name", snapshot.repository().text());
            model.put("commit", snapshot.commit());
            ArrayNode revisions = model.putArray("revisions");
            snapshot.revisions().forEach(revisions::add);
            model.put("path", snapshot.folder().toString());
            model.put("bytes", snapshot.bytes());
            model.put("modified", snapshot.modified().toString());
            ArrayNode files = model.putArray("files");
            for (RepositoryFile file : snapshot.files()) {
                ObjectNode each = files.addObject();
                each.put("path", file.path());
                each.put("bytes", file.bytes().orElseThrow());
            }
        }
        return root;
    }
}
