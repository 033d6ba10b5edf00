package io.karipap.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** The handlers of a connection. */
final class HttpPipeline extends ChannelInitializer<SocketChannel> {
    private final ServerOptions options;
    private final Routes routes;

    HttpPipeline(ServerOptions options, Routes routes) {
        this.options = options;
        this.routes = routes;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, options.idleTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new HttpServerCodec())
                .addLast(new Aggregator(options.maxBodyBytes(), routes.metrics()))
                .addLast(new Router(routes));
    }

    /** Gathers a body; one that is too large gets an error in our shape and ends the connection. */
    private static final class Aggregator extends HttpObjectAggregator {
        private final int maxBytes;
        private final ServerMetrics metrics;

        Aggregator(int maxBytes, ServerMetrics metrics) {
            super(maxBytes);
            this.maxBytes = maxBytes;
            this.metrics = metrics;
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
            new Exchange(context, false, false, "other", metrics, () -> {})
                    .fail(ApiException.of(
                            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                            "invalid_request_error",
                            "the body is larger than " + maxBytes + " bytes",
                            null,
                            null));
        }
    }
}
