package io.karipap.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Gives up on clients that send a request more slowly than allowed, so that nobody holds connections by single bytes. */
final class ReceiveTimeout extends ChannelDuplexHandler {
    private final Duration limit;
    private final ServerMetrics metrics;
    private Future<?> timer;
    private boolean late;

    ReceiveTimeout(Duration limit, ServerMetrics metrics) {
        this.limit = limit;
        this.metrics = metrics;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin(context); // the first request must begin soon
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (late) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            begin(context);
        }
        if (message instanceof LastHttpContent) {
            end();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    private void begin(ChannelHandlerContext context) {
        end();
        timer = context.executor().schedule(() -> expire(context), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void expire(ChannelHandlerContext context) {
        late = true;
        new Exchange(context, new RequestHead(RequestHead.newId("req-"), "?", "other", false, false), metrics, () -> {})
                .fail(ApiException.invalid(
                        HttpResponseStatus.REQUEST_TIMEOUT,
                        "the request did not arrive completely within " + limit.toSeconds() + " s"));
    }
}
