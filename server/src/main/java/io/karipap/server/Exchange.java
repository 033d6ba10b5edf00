package io.karipap.server;

import io.karipap.generate.Generation;
import io.karipap.json.Json;
import io.netty.buffer.Unpooled;
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
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's way back to its client. Everything but {@link #execute} belongs to the event loop of the connection. A client that reads
 * slower than texts grow makes them pause; one that leaves ends them.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger("io.karipap.requests");

    /** A stream that has nothing to say for this long says so, so that nobody between takes it for dead. */
    private static final long PING_SECONDS = 10;

    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ChannelHandlerContext context;
    private final RequestHead head;
    private final ServerMetrics metrics;
    private final Runnable onEnd;
    private final long start = System.nanoTime();
    private List<Generation> generations = List.of();
    private String description = "";
    private Future<?> ping;
    private boolean sentSinceLastPing;
    private boolean streaming;
    private boolean gone;
    private boolean over;

    /**
     * @param onEnd called once the response is complete, if the connection stays open
     */
    Exchange(ChannelHandlerContext context, RequestHead head, ServerMetrics metrics, Runnable onEnd) {
        this.context = context;
        this.head = head;
        this.metrics = metrics;
        this.onEnd = onEnd;
        metrics.requestBegun();
    }

    String requestId() {
        return head.id();
    }

    /** Runs something in the event loop; from any thread. */
    void execute(Runnable action) {
        context.executor().execute(action);
    }

    /** Texts that are generated for this request. */
    void generating(List<Generation> started) {
        generations = started;
        if (gone || over) {
            cancelGenerations();
        } else if (!context.channel().isWritable()) {
            writable(false);
        }
    }

    void cancelGenerations() {
        generations.forEach(Generation::cancel);
    }

    /** Something for the log. */
    void describe(String text) {
        description = text;
    }

    /** The client has gone away. */
    void disconnected() {
        gone = true;
        cancelGenerations();
        end(499);
    }

    /** The client reads, or does not read fast enough. */
    void writable(boolean writable) {
        generations.forEach(writable ? Generation::resume : Generation::pause);
    }

    void respond(HttpResponseStatus status, String contentType, byte[] body, String... headers) {
        if (over) {
            return;
        }
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                head.withoutBody() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        for (int i = 0; i < headers.length; i += 2) {
            response.headers().set(headers[i], headers[i + 1]);
        }
        prepare(response);
        finish(response, status.code());
    }

    /** Answers with an error; in a stream that has begun, by an event. */
    void fail(ApiException e) {
        if (streaming) {
            event(Wire.event(Wire.error(e)));
            endEvents();
        } else {
            respond(e.status(), "application/json", Json.bytes(Wire.error(e)), e.headers());
        }
    }

    /** Begins a stream of server-sent events, unless it has begun. */
    void beginEvents() {
        if (streaming || over) {
            return;
        }
        streaming = true;
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        prepare(response);
        context.write(response);
    }

    /** Begins a stream by a comment as soon as the first text is long in coming. */
    void keepAlive() {
        if (over) {
            return;
        }
        ping = context.executor()
                .scheduleAtFixedRate(
                        () -> {
                            if (!sentSinceLastPing) {
                                beginEvents();
                                event(PING);
                            }
                            sentSinceLastPing = false;
                        },
                        PING_SECONDS,
                        PING_SECONDS,
                        TimeUnit.SECONDS);
    }

    void event(byte[] event) {
        if (!over) {
            sentSinceLastPing = true;
            context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)));
        }
    }

    void endEvents() {
        if (!over) {
            finish(LastHttpContent.EMPTY_LAST_CONTENT, HttpResponseStatus.OK.code());
        }
    }

    private void prepare(HttpResponse response) {
        response.headers().set("X-Request-Id", head.id());
        if (!head.keepAlive()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private void finish(Object last, int status) {
        end(status);
        context.writeAndFlush(last).addListener(future -> {
            if (!head.keepAlive()) {
                context.close();
            }
        });
        if (head.keepAlive()) {
            onEnd.run();
        }
    }

    private void end(int status) {
        if (over) {
            return;
        }
        over = true;
        if (ping != null) {
            ping.cancel(false);
        }
        metrics.response(head.label(), status);
        LOG.info(
                "{} {} {} status={} ms={} {}",
                head.id(),
                head.method(),
                head.label(),
                status,
                (System.nanoTime() - start) / 1_000_000,
                description);
    }
}
