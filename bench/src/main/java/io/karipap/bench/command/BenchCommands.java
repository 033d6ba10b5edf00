package io.karipap.bench.command;

import io.karipap.cli.CommandProvider;
import java.util.List;

/** Brings {@code karipap bench} to the command line. */
public final class BenchCommands implements CommandProvider {
    @Override
    public List<Class<?>> commands() {
        return List.of(BenchCommand.class);
    }
}
