package io.karipap.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Serves one model over HTTP until it is closed.
 *
 * @since 0.1
 */
public final class KaripapServer implements AutoCloseable {
    /** Event loops only move bytes; one keeps up with thousands of streams. */
    private static final int EVENT_LOOPS = 1;

    /** A client that has this much unread makes its texts pause. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16 << 10, 64 << 10);

    private final ServerOptions options;
    private final Routes routes;
    private final ServerMetrics metrics;
    private final ExecutorService workers;
    private final EventLoopGroup loops;
    private final Channel channel;
    private ServedModel served;
    private boolean closed;

    private KaripapServer(
            ServerOptions options,
            Routes routes,
            ServerMetrics metrics,
            ExecutorService workers,
            EventLoopGroup loops,
            Channel channel) {
        this.options = options;
        this.routes = routes;
        this.metrics = metrics;
        this.workers = workers;
        this.loops = loops;
        this.channel = channel;
    }

    /**
     * Starts to listen; until {@link #serve} every request is told that the model is being loaded.
     *
     * @throws IOException if the address cannot be bound, or certificate or key cannot be read
     */
    public static KaripapServer listen(ServerOptions options) throws IOException {
        SslContext tls = tls(options);
        ServerMetrics metrics = new ServerMetrics();
        // one virtual thread a request, and one request a connection: bounded by the limit of connections
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        Routes routes = new Routes(options, metrics, workers);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(EVENT_LOOPS, NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new HttpPipeline(options, routes, tls))
                .bind(options.host(), options.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            workers.close();
            metrics.close();
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return new KaripapServer(options, routes, metrics, workers, loops, bound.channel());
    }

    private static SslContext tls(ServerOptions options) throws IOException {
        if (options.access().tls().isEmpty()) {
            return null;
        }
        Tls tls = options.access().tls().get();
        try {
            return SslContextBuilder.forServer(
                            tls.certificate().toFile(), tls.key().toFile())
                    .build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new IOException(
                    "cannot use the certificate " + tls.certificate() + " with the key " + tls.key()
                            + ", expected PEM files, the key as PKCS#8 without a password: " + e.getMessage(),
                    e);
        }
    }

    /** {@link #listen}, then {@link #serve}. */
    public static KaripapServer start(ServedModel served, ServerOptions options) throws IOException {
        KaripapServer server = listen(options);
        server.serve(served);
        return server;
    }

    /** Answers requests for a model from now on; it is closed with the server. */
    public synchronized void serve(ServedModel model) {
        if (served != null || closed) {
            throw new IllegalStateException("the server serves a model already, or is closed");
        }
        served = model;
        metrics.serve(model);
        Thread.ofPlatform().name("karipap-engine").daemon().start(model.model().engine()::run);
        routes.serve(model);
    }

    /** The port that was bound. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Waits until the server is closed. */
    public void awaitClose() {
        channel.closeFuture().awaitUninterruptibly();
    }

    /** Refuses new requests, lets running ones go on for the time of {@code timeouts.drain}, ends the others and frees the model. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        routes.stop();
        drain(options.timeouts().drain());
        if (served != null) {
            served.model().close();
        }
        channel.close().awaitUninterruptibly();
        workers.close();
        loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        metrics.close();
    }

    private void drain(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (metrics.inFlight() > 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
