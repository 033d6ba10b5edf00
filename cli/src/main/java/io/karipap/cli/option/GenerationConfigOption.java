package io.karipap.cli.option;

import io.karipap.generate.GenerationDefaults;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whether the model's authors are asked how to sample. */
public final class GenerationConfigOption {
    private enum Mode {
        AUTO,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--generation-config",
            paramLabel = "MODE",
            defaultValue = "auto",
            description = "auto: what is left open is as the model's generation_config.json (or GGUF metadata) says;"
                    + " none: its sampling values are ignored. Default: ${DEFAULT-VALUE}.")
    private Mode mode;

    /** The values to use. */
    public GenerationDefaults of(GenerationDefaults model) {
        return mode == Mode.NONE ? GenerationDefaults.NONE : model;
    }
}
