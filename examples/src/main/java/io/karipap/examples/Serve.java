package io.karipap.examples;

import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.server.KaripapServer;
import io.karipap.server.ServedModel;
import io.karipap.server.ServerOptions;
import java.io.IOException;

/** An OpenAI-compatible server in one's own program; its only argument is the port, 8080 without it, 0 for any. */
public final class Serve {
    private Serve() {}

    public static void main(String[] args) throws IOException {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT);
        try (KaripapServer server = KaripapServer.start(ServedModel.of(model), ServerOptions.of("127.0.0.1", port))) {
            System.out.println("http://127.0.0.1:" + server.port() + "/v1");
            server.awaitClose();
        }
    }
}
