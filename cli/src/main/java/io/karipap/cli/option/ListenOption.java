package io.karipap.cli.option;

import io.karipap.server.ServerOptions;
import picocli.CommandLine.Option;

/** Options of the commands that listen. */
public final class ListenOption {
    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "127.0.0.1",
            description = "Address. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port; 0 for any. Default: ${DEFAULT-VALUE}.")
    private int port;

    public int port() {
        return port;
    }

    public String host() {
        return host;
    }

    /** @throws IllegalArgumentException if the port is out of range */
    public ServerOptions serverOptions() {
        return ServerOptions.of(host, port);
    }
}
