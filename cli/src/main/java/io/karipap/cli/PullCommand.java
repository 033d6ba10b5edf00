package io.karipap.cli;

import io.karipap.cli.option.CacheOption;
import io.karipap.cli.option.TransferDisplay;
import io.karipap.hub.ByteCount;
import io.karipap.hub.DiskSpace;
import io.karipap.hub.HubSettings;
import io.karipap.hub.ModelReference;
import io.karipap.hub.Pull;
import io.karipap.hub.PulledModel;
import io.karipap.hub.RetryPolicy;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Gets a model by name. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = {
            "Gets a model from Hugging Face by name, into the cache that other programs use too.",
            "Afterwards --model takes the same name. A pull that was broken off goes on where it was; every file is checked by its hash."
        },
        footer = {
            "",
            "Examples:",
            "  karipap pull HuggingFaceTB/SmolLM2-135M-Instruct",
            "      a model in safetensors: configuration, tokenizer and weights",
            "  karipap pull bartowski/SmolLM2-135M-Instruct-GGUF:Q8_0",
            "      one quantisation of a GGUF repository, with all its shards;",
            "      where there are several and none is named, they are listed",
            "  karipap pull owner/repo:folder/model.gguf",
            "      one file",
            "  karipap pull owner/repo@v1.0",
            "      a tag, a branch or a commit; otherwise the branch main",
            "  karipap generate --model HuggingFaceTB/SmolLM2-135M-Instruct \\",
            "      --prompt \"Once upon a time\"",
            "      afterwards, the name is enough",
            "",
            "Environment:",
            "  HF_TOKEN          for private and gated models; else the file",
            "                    HF_HOME/token that `hf auth login` writes",
            "  HF_ENDPOINT       a hub or mirror other than https://huggingface.co",
            "  HF_HUB_CACHE      where models are kept",
            "  HF_HUB_OFFLINE=1  ask no server",
            "  KARIPAP_JAVA_OPTS=\"-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT\"",
            "                    go through a proxy",
            "",
            "The path of the model is printed on standard output."
        })
final class PullCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "owner/repo[:file or quantisation][@revision]")
    private String model;

    @Mixin
    private CacheOption cache;

    @Override
    public Integer call() throws Exception {
        ModelReference reference = ModelReference.parse(model);
        HubSettings settings = cache.settings();
        PulledModel pulled;
        try (TransferDisplay display = new TransferDisplay()) {
            pulled = new Pull(settings, RetryPolicy.DEFAULT, DiskSpace.OF_FILE_SYSTEM, display).run(reference);
        }
        System.err.println(reference + " at commit " + pulled.commit().substring(0, 7) + ": "
                + ByteCount.text(pulled.bytes()) + ", "
                + (pulled.loadedBytes() == 0
                        ? "all of it was there"
                        : ByteCount.text(pulled.loadedBytes()) + " came over the network"));
        System.out.println(pulled.path());
        return 0;
    }
}
