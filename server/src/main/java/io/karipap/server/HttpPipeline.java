package io.karipap.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The handlers of a connection. */
final class HttpPipeline extends ChannelInitializer<SocketChannel> {
    private final ServerOptions options;
    private final Routes routes;
    private final SslContext tls;
    private final CorsConfig cors;
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * @param tls null for plain HTTP
     */
    HttpPipeline(ServerOptions options, Routes routes, SslContext tls) {
        this.options = options;
        this.routes = routes;
        this.tls = tls;
        this.cors = cors(options.access().corsOrigins());
    }

    private static CorsConfig cors(List<String> origins) {
        if (origins.isEmpty()) {
            return null;
        }
        CorsConfigBuilder builder = origins.contains("*")
                ? CorsConfigBuilder.forAnyOrigin()
                : CorsConfigBuilder.forOrigins(origins.toArray(String[]::new));
        return builder.allowedRequestMethods(HttpMethod.GET, HttpMethod.POST)
                .allowedRequestHeaders(
                        HttpHeaderNames.AUTHORIZATION.toString(),
                        HttpHeaderNames.CONTENT_TYPE.toString(),
                        "X-Request-Id")
                .exposeHeaders("X-Request-Id", "Retry-After")
                .build();
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        boolean tooMany = connections.incrementAndGet() > options.limits().connections();
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        Timeouts timeouts = options.timeouts();
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast(tls.newHandler(channel.alloc()));
        }
        pipeline.addLast(new IdleStateHandler(0, 0, timeouts.idle().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new WriteTimeoutHandler(timeouts.send().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxHeaderSize(options.limits().headerBytes())))
                .addLast(new ReceiveTimeout(timeouts.receive(), routes.metrics()))
                .addLast(new Aggregator(options.limits().bodyBytes(), routes.metrics()));
        if (cors != null) {
            pipeline.addLast(new CorsHandler(cors));
        }
        pipeline.addLast(new Router(routes, tooMany));
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
            RequestHead head = new RequestHead(RequestHead.newId("req-"), "POST", "other", false, false);
            new Exchange(context, head, metrics, () -> {})
                    .fail(ApiException.invalid(
                            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                            "the body is larger than " + maxBytes + " bytes"));
        }
    }
}
