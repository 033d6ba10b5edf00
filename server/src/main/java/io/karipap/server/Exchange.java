package io.karipap.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** One request's way back to its client. Thread-safe; everything goes through the connection's event loop in order. */
final class Exchange {
    private final ChannelHandlerContext context;
    private final boolean keepAlive;
    private final boolean head;
    private final String route;
    private final ServerMetrics metrics;
    private final Runnable onEnd;
    private volatile Runnable onDisconnect = () -> {};

    /**
     * @param head whether the client wants no body
     * @param onEnd called in the event loop once the response is complete
     */
    Exchange(
            ChannelHandlerContext context,
            boolean keepAlive,
            boolean head,
            String route,
            ServerMetrics metrics,
            Runnable onEnd) {
        this.context = context;
        this.keepAlive = keepAlive;
        this.head = head;
        this.route = route;
        this.metrics = metrics;
        this.onEnd = onEnd;
    }

    /** What to do if the client goes away before the response is complete. */
    void onDisconnect(Runnable action) {
        onDisconnect = action;
        if (!context.channel().isActive()) {
            action.run();
        }
    }

    void disconnected() {
        onDisconnect.run();
    }

    void respond(HttpResponseStatus status, String contentType, byte[] body, String... headers) {
        context.executor().execute(() -> {
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            for (int i = 0; i < headers.length; i += 2) {
                response.headers().set(headers[i], headers[i + 1]);
            }
            metrics.response(route, status.code());
            end(response);
        });
    }

    void fail(ApiException e, String... headers) {
        respond(e.status(), "application/json", Responses.error(e), headers);
    }

    /** Begins a stream of server-sent events. */
    void beginEvents() {
        context.executor().execute(() -> {
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                    .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                    .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            metrics.response(route, HttpResponseStatus.OK.code());
            context.writeAndFlush(response);
        });
    }

    void event(byte[] event) {
        context.executor().execute(() -> context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event))));
    }

    void endEvents() {
        context.executor().execute(() -> end(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void end(Object last) {
        if (!keepAlive && last instanceof HttpResponse response) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        context.writeAndFlush(last).addListener(future -> {
            if (!keepAlive) {
                context.close();
            }
        });
        if (keepAlive) {
            onEnd.run();
        } else {
            context.channel().closeFuture().addListener((ChannelFutureListener) closed -> onEnd.run());
        }
    }
}
