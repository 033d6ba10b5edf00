package io.karipap.cli.compress;

import io.karipap.cli.CommandProvider;
import java.util.List;

/** The commands that need the compressor on the class path. */
public final class CompressorCommands implements CommandProvider {
    @Override
    public List<Class<?>> commands() {
        return List.of(
                QuickstartCommand.class,
                CompressCommand.class,
                HealCommand.class,
                TrainCommand.class,
                ProfileCommand.class,
                ExportCommand.class);
    }
}
