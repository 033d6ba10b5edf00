package io.karipap.server;

import io.karipap.generate.LanguageModel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Serves one model over HTTP until it is closed. */
public final class KaripapServer implements AutoCloseable {
    /** Event loops only move bytes; one keeps up with thousands of streams. */
    private static final int EVENT_LOOPS = 1;

    private final LanguageModel model;
    private final EventLoopGroup loops;
    private final Channel channel;

    private KaripapServer(LanguageModel model, EventLoopGroup loops, Channel channel) {
        this.model = model;
        this.loops = loops;
        this.channel = channel;
    }

    /**
     * Starts to serve.
     *
     * @param model closed with the server
     * @throws IOException if the address cannot be bound
     */
    public static KaripapServer start(LanguageModel model, ServerOptions options) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(EVENT_LOOPS, NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new HttpPipeline(options, new Routes(model)))
                .bind(options.host(), options.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        Thread.ofPlatform().name("karipap-engine").daemon().start(model.engine()::run);
        return new KaripapServer(model, loops, bound.channel());
    }

    /** The port that was bound. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Waits until the server is closed. */
    public void awaitClose() {
        channel.closeFuture().awaitUninterruptibly();
    }

    /** Stops accepting, ends running requests and frees the model. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        model.close();
        loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
