package io.karipap.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayDeque;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes the requests of one connection, one after the other: pipelined ones wait for those before them. */
final class Router extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /** A client that pipelines more than this without reading is cut off. */
    private static final int MAX_PIPELINED = 32;

    private final Routes routes;
    private final boolean tooManyConnections;
    private final ArrayDeque<FullHttpRequest> pipelined = new ArrayDeque<>();
    private Exchange current;

    /**
     * @param tooManyConnections whether this connection is beyond the limit: it is told so and closed
     */
    Router(Routes routes, boolean tooManyConnections) {
        super(false);
        this.routes = routes;
        this.tooManyConnections = tooManyConnections;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (current == null) {
            handle(context, request);
        } else if (pipelined.size() < MAX_PIPELINED) {
            pipelined.add(request);
        } else {
            request.release();
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pipelined.forEach(FullHttpRequest::release);
        pipelined.clear();
        if (current != null) {
            current.disconnected();
            current = null;
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (current != null) {
            current.writable(context.channel().isWritable());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && current == null) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection {} failed", context.channel(), cause);
        context.close();
    }

    private void handle(ChannelHandlerContext context, FullHttpRequest request) {
        try {
            String uri = request.uri();
            int query = uri.indexOf('?');
            String path = query < 0 ? uri : uri.substring(0, query);
            boolean malformed = request.decoderResult().isFailure();
            boolean mayStay = !tooManyConnections && !malformed && !routes.stopping();
            Exchange exchange = new Exchange(
                    context,
                    RequestHead.of(request, Routes.label(path), mayStay),
                    routes.metrics(),
                    () -> next(context));
            current = exchange;
            try {
                if (malformed) {
                    throw malformed(request.decoderResult().cause());
                }
                if (tooManyConnections) {
                    throw ApiException.unavailable("too many connections, try again later", "too_many_connections");
                }
                HttpHeaders headers = request.headers();
                routes.dispatch(
                        request.method(),
                        path,
                        headers.get(HttpHeaderNames.CONTENT_TYPE, "application/json")
                                .toLowerCase(Locale.ROOT),
                        headers.get(HttpHeaderNames.AUTHORIZATION),
                        ByteBufUtil.getBytes(request.content()),
                        exchange);
            } catch (ApiException e) {
                exchange.fail(e);
            } catch (RuntimeException e) {
                LOG.error("request {} {} failed", request.method(), path, e);
                exchange.fail(ApiException.internal());
            }
        } finally {
            request.release();
        }
    }

    private static ApiException malformed(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) {
            return ApiException.invalid(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too large");
        }
        if (cause instanceof TooLongHttpLineException) {
            return ApiException.invalid(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the first line is too long");
        }
        return ApiException.badRequest(null, "the request is not valid HTTP");
    }

    private void next(ChannelHandlerContext context) {
        current = null;
        FullHttpRequest request = pipelined.poll();
        if (request != null) {
            handle(context, request);
        }
    }
}
