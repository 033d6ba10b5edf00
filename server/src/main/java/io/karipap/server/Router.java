package io.karipap.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes the requests of one connection, one after the other: pipelined ones wait for those before them. */
final class Router extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /** A client that pipelines more than this without reading is cut off. */
    private static final int MAX_PIPELINED = 32;

    private static final String JSON = "application/json";

    private final Routes routes;
    private final ArrayDeque<FullHttpRequest> pipelined = new ArrayDeque<>();
    private Exchange current;

    Router(Routes routes) {
        super(false);
        this.routes = routes;
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
        }
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
            String path = request.uri();
            int query = path.indexOf('?');
            String route = query < 0 ? path : path.substring(0, query);
            current = new Exchange(
                    context,
                    HttpUtil.isKeepAlive(request),
                    request.method().equals(HttpMethod.HEAD),
                    routes.label(route),
                    routes.metrics(),
                    () -> next(context));
            try {
                if (request.decoderResult().isFailure()) {
                    throw ApiException.badRequest(null, "the request is not valid HTTP");
                }
                dispatch(route, request);
            } catch (ApiException e) {
                String retryAfter = e.status().equals(HttpResponseStatus.TOO_MANY_REQUESTS) ? "1" : null;
                String allow = e.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED) ? e.param() : null;
                if (retryAfter != null) {
                    current.fail(e, "Retry-After", retryAfter);
                } else if (allow != null) {
                    current.fail(ApiException.of(e.status(), e.type(), e.getMessage(), null, e.code()), "Allow", allow);
                } else {
                    current.fail(e);
                }
            } catch (RuntimeException e) {
                LOG.error("request {} {} failed", request.method(), route, e);
                current.fail(ApiException.of(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "server_error",
                        "the request failed inside",
                        null,
                        null));
            }
        } finally {
            request.release();
        }
    }

    private void dispatch(String route, FullHttpRequest request) {
        switch (route) {
            case "/v1/completions" -> {
                require(request, HttpMethod.POST);
                requireJson(request);
                routes.completions().handle(ByteBufUtil.getBytes(request.content()), current);
            }
            case "/v1/models" -> {
                require(request, HttpMethod.GET);
                current.respond(HttpResponseStatus.OK, JSON, routes.models());
            }
            case "/health" -> {
                require(request, HttpMethod.GET);
                current.respond(HttpResponseStatus.OK, JSON, "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII));
            }
            case "/metrics" -> {
                require(request, HttpMethod.GET);
                current.respond(
                        HttpResponseStatus.OK,
                        "text/plain; version=0.0.4; charset=utf-8",
                        routes.metrics().scrape().getBytes(StandardCharsets.UTF_8));
            }
            default -> {
                if (route.startsWith("/v1/models/")) {
                    require(request, HttpMethod.GET);
                    current.respond(HttpResponseStatus.OK, JSON, routes.model(route.substring("/v1/models/".length())));
                    return;
                }
                throw ApiException.of(
                        HttpResponseStatus.NOT_FOUND,
                        "not_found_error",
                        "there is nothing at " + request.method() + " " + route,
                        null,
                        null);
            }
        }
    }

    private static void require(FullHttpRequest request, HttpMethod method) {
        boolean head = method.equals(HttpMethod.GET) && request.method().equals(HttpMethod.HEAD);
        if (!request.method().equals(method) && !head) {
            throw ApiException.of(
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "invalid_request_error",
                    "the method is " + request.method() + ", expected " + method,
                    method.name(),
                    null);
        }
    }

    private static void requireJson(FullHttpRequest request) {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, JSON).toLowerCase(Locale.ROOT);
        if (!type.startsWith(JSON)) {
            throw ApiException.of(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "invalid_request_error",
                    "the Content-Type is " + type + ", expected " + JSON,
                    null,
                    null);
        }
    }

    private void next(ChannelHandlerContext context) {
        current = null;
        FullHttpRequest request = pipelined.poll();
        if (request != null) {
            handle(context, request);
        }
    }
}
