package io.karipap.cli.option;

import io.karipap.generate.EngineOptions;
import io.karipap.generate.KvPrecision;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Limits of the engine. */
public final class EngineOption {
    @Option(
            names = "--max-running",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_MAX_RUNNING,
            description = "Most texts computed together. Default: ${DEFAULT-VALUE}.")
    private int maxRunning;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_MAX_WAITING,
            description = "Most texts that wait; one more gets 429. Default: ${DEFAULT-VALUE}.")
    private int maxWaiting;

    @Option(
            names = "--step-tokens",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_STEP_TOKENS,
            description = "Most tokens computed in one step. Default: ${DEFAULT-VALUE}.")
    private int stepTokens;

    @Option(
            names = "--step-millis",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_STEP_MILLIS,
            description = "How long a step may take for new prompts while texts are running, in milliseconds:"
                    + " smaller is smoother, larger reads prompts faster. Default: ${DEFAULT-VALUE}.")
    private int stepMillis;

    @Option(
            names = "--kv-positions",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_KV_POSITIONS,
            description = "Most positions in the KV cache, over all texts. Default: ${DEFAULT-VALUE}.")
    private int kvPositions;

    @Option(
            names = "--kv-block",
            paramLabel = "N",
            defaultValue = "" + EngineOptions.DEFAULT_KV_BLOCK_SIZE,
            description =
                    "Positions of a block of the KV cache, a multiple of 16: the grain in which memory is given and"
                            + " beginnings of prompts are shared. Default: ${DEFAULT-VALUE}.")
    private int kvBlock;

    @Option(
            names = "--kv-type",
            paramLabel = "TYPE",
            defaultValue = "F32",
            description = "F32, or BF16 for half the memory. Default: ${DEFAULT-VALUE}.")
    private KvPrecision kvType;

    /** @throws IllegalArgumentException if a limit is out of range */
    public EngineOptions engineOptions() {
        return EngineOptions.builder()
                .maxRunning(maxRunning)
                .maxWaiting(maxWaiting)
                .stepTokens(stepTokens)
                .stepTime(Duration.ofMillis(stepMillis))
                .kvPositions(kvPositions)
                .kvBlockSize(kvBlock)
                .kvPrecision(kvType)
                .build();
    }
}
