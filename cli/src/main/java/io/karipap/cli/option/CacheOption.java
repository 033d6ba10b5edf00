package io.karipap.cli.option;

import io.karipap.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where pulled models are kept. */
public final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Cache of models. Default: HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub.")
    private Path cache;

    public HubSettings settings() throws IOException {
        HubSettings settings = HubSettings.ofProcess();
        return cache == null ? settings : settings.withCache(cache);
    }
}
