package io.karipap.cli;

import io.karipap.cli.option.CacheOption;
import io.karipap.hub.ByteCount;
import io.karipap.hub.CacheRemoval;
import io.karipap.hub.ModelReference;
import java.io.Console;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a model from the cache. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = {
            "Removes a model from the cache, after a question.",
            "The cache is Hugging Face's own: other programs lose the model too. Files that another revision shares stay."
        },
        footer = {
            "",
            "Examples:",
            "  karipap rm owner/repo            all of it",
            "  karipap rm owner/repo@v1.0       one commit, with all its branches and tags",
            "  karipap rm owner/repo:Q4_K_M     one quantisation, or one file",
            "  karipap rm --yes owner/repo      without a question"
        })
final class RemoveCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "owner/repo[:file or quantisation][@revision], as `karipap list` shows it")
    private String model;

    @Mixin
    private CacheOption cache;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws Exception {
        ModelReference reference = ModelReference.parse(model);
        CacheRemoval removal = CacheRemoval.of(reference, cache.settings().cache());
        if (!yes && !confirmed(reference, removal)) {
            System.err.println("nothing was removed");
            return 1;
        }
        removal.run();
        System.err.println("removed " + reference + ", " + ByteCount.text(removal.bytes()) + " are free");
        return 0;
    }

    private static boolean confirmed(ModelReference reference, CacheRemoval removal) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new IllegalStateException("there is no terminal to ask in: say --yes to remove " + reference);
        }
        String answer = console.readLine("Remove %s and free %s? [y/N] ", reference, ByteCount.text(removal.bytes()));
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
