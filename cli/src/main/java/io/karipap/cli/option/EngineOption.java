package io.karipap.cli.option;

import io.karipap.generate.EngineOptions;
import io.karipap.model.KvOptions;
import io.karipap.model.KvType;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Limits of the engine. */
public final class EngineOption {
    @Option(
            names = "--max-running",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most texts computed together. Default: ${DEFAULT-VALUE}.")
    private int maxRunning;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "256",
            description = "Most texts that wait; one more gets 429. Default: ${DEFAULT-VALUE}.")
    private int maxWaiting;

    @Option(
            names = "--step-tokens",
            paramLabel = "N",
            defaultValue = "256",
            description = "Most tokens computed in one step. Default: ${DEFAULT-VALUE}.")
    private int stepTokens;

    @Option(
            names = "--step-millis",
            paramLabel = "N",
            defaultValue = "50",
            description = "How long a step may take for new prompts while texts are running, in milliseconds:"
                    + " smaller is smoother, larger reads prompts faster. Default: ${DEFAULT-VALUE}.")
    private int stepMillis;

    @Option(
            names = "--kv-positions",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Most positions in the KV cache, over all texts. Default: ${DEFAULT-VALUE}.")
    private int kvPositions;

    @Option(
            names = "--kv-block",
            paramLabel = "N",
            defaultValue = "32",
            description =
                    "Positions of a block of the KV cache, a multiple of 16: the grain in which memory is given and"
                            + " beginnings of prompts are shared. Default: ${DEFAULT-VALUE}.")
    private int kvBlock;

    @Option(
            names = "--kv-type",
            paramLabel = "TYPE",
            defaultValue = "F32",
            description = "F32, or BF16 for half the memory. Default: ${DEFAULT-VALUE}.")
    private KvType kvType;

    /** @throws IllegalArgumentException if a limit is out of range */
    public EngineOptions engineOptions() {
        return new EngineOptions(
                maxRunning,
                maxWaiting,
                stepTokens,
                Duration.ofMillis(stepMillis),
                new KvOptions(kvPositions, kvBlock, kvType));
    }
}
