package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.generate.EngineLoad;
import io.karipap.generate.EngineOptions;
import io.karipap.generate.KvPrecision;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that leave, send nonsense, are slow or too many: nothing leaks, nothing hangs, and the server serves as before. */
@Timeout(600)
class MischiefTest {
    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 24;
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static ResourceLeakDetector.Level levelBefore;

    @BeforeAll
    static void detectLeaks() {
        levelBefore = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((resource, records) -> LEAKS.add(resource + " " + records));
    }

    @AfterAll
    static void detectNoMore() {
        ResourceLeakDetector.setLevel(levelBefore);
        ByteBufUtil.setLeakListener(null);
    }

    private static TestServer server(EngineOptions engine) throws IOException {
        Timeouts timeouts = Timeouts.builder()
                .idle(Duration.ofSeconds(20))
                .receive(Duration.ofSeconds(2))
                .send(Duration.ofSeconds(2))
                .generate(Duration.ofSeconds(20))
                .drain(Duration.ofSeconds(5))
                .build();
        Limits limits = Limits.builder()
                .bodyBytes(100_000)
                .headerBytes(8192)
                .choices(8)
                .connections(200)
                .build();
        ServerOptions options = ServerOptions.builder()
                .port(0)
                .limits(limits)
                .timeouts(timeouts)
                .build();
        return new TestServer(options, engine);
    }

    private static String post(String body, boolean keepAlive) {
        return "POST /v1/completions HTTP/1.1\r\nHost: x\r\n" + (keepAlive ? "" : "Connection: close\r\n")
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String body(SplittableRandom random, int maxTokens, boolean stream) {
        return "{\"model\":\"tales-small\",\"prompt\":\""
                + (random.nextBoolean() ? "Once upon a time" : "The king " + random.nextInt(9)) + "\",\"max_tokens\":"
                + maxTokens + ",\"seed\":" + random.nextInt(100) + ",\"stream\":" + stream + "}";
    }

    private static void mischief(int port, SplittableRandom random, Map<String, Integer> seen) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(30_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            switch (random.nextInt(20)) {
                case 0, 1, 2 -> { // leaves in the middle of a stream
                    send(out, post(body(random, 400, true), true));
                    in.readNBytes(random.nextInt(600));
                }
                case 3 -> send(out, post(body(random, 400, false), true)); // leaves before the answer
                case 4 -> { // leaves in the middle of its request
                    String request = post(body(random, 5, false), true);
                    send(out, request.substring(0, random.nextInt(request.length())));
                }
                case 5, 6, 7 -> { // nonsense in the body
                    byte[] nonsense = new byte[random.nextInt(1, 300)];
                    random.nextBytes(nonsense);
                    send(
                            out,
                            "POST /v1/completions HTTP/1.1\r\nConnection: close\r\nContent-Length: " + nonsense.length
                                    + "\r\n\r\n");
                    out.write(nonsense);
                    expect(in, seen, 400);
                }
                case 8, 9 -> { // nonsense instead of a request
                    byte[] nonsense = new byte[random.nextInt(1, 300)];
                    random.nextBytes(nonsense);
                    out.write(nonsense);
                    send(out, "\r\n\r\n");
                }
                case 10 -> { // a wrong field
                    send(out, post("{\"model\":\"tales-small\",\"prompt\":" + random.nextInt() + "}", false));
                    expect(in, seen, 400);
                }
                case 11 -> { // pipelines, and leaves after the first answer
                    send(out, post(body(random, 3, false), true).repeat(5));
                    in.read();
                }
                case 12 -> { // writes slowly
                    if (random.nextInt(20) == 0) {
                        for (byte each : post(body(random, 2, false), true)
                                .substring(0, 8)
                                .getBytes(StandardCharsets.UTF_8)) {
                            out.write(each);
                            Thread.onSpinWait();
                        }
                        expect(in, seen, 408);
                    }
                }
                case 13 -> { // reads slowly
                    if (random.nextInt(10) == 0) {
                        socket.setReceiveBufferSize(1024);
                        send(out, post(body(random, 200, true), false));
                        for (int i = 0; i < 5; i++) {
                            in.readNBytes(100);
                            pause(20);
                        }
                    }
                }
                default -> { // behaves
                    send(out, post(body(random, random.nextInt(1, 6), random.nextBoolean()), false));
                    expect(in, seen, 200, 429, 503);
                }
            }
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void expect(InputStream in, Map<String, Integer> seen, int... statuses) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        String answer = all.toString(StandardCharsets.UTF_8);
        assertThat(answer).hasSizeGreaterThan(20).startsWith("HTTP/1.1 ");
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(statuses).as(answer).contains(status);
        assertThat(answer).contains(status == 200 ? "choices" : "\"error\"");
        synchronized (seen) {
            seen.merge(Integer.toString(status), 1, Integer::sum);
        }
    }

    @Test
    void nothingLeaksAndNothingHangs() throws Exception {
        EngineOptions limits = EngineOptions.builder()
                .maxRunning(16)
                .maxWaiting(32)
                .stepTokens(128)
                .kvPositions(2048)
                .kvBlockSize(16)
                .kvPrecision(KvPrecision.BF16)
                .build();
        Map<String, Integer> seen = new TreeMap<>();
        try (TestServer server = server(limits)) {
            run(server, seen, REQUESTS / 10);
            settle(server);
            long before = usedHeap();
            run(server, seen, REQUESTS * 9 / 10);
            settle(server);
            assertThat(usedHeap() - before).as("bytes of heap more than before").isLessThan(32 << 20);
            assertThat(server.complete("{\"model\":\"tales-small\",\"prompt\":\"Once\",\"max_tokens\":3}")
                            .has("choices"))
                    .isTrue();
            assertThat(seen).containsKeys("200", "400");
        }
        for (int i = 0; i < 5; i++) {
            System.gc();
            pause(20);
            ByteBufAllocator.DEFAULT.buffer().release(); // the detector reports on allocation
        }
        assertThat(LEAKS).isEmpty();
    }

    private static void run(TestServer server, Map<String, Integer> seen, int requests) throws Exception {
        SplittableRandom seeds = new SplittableRandom(requests);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                SplittableRandom random = seeds.split();
                all.add(clients.submit(() -> {
                    try {
                        mischief(server.port(), random, seen);
                    } catch (SocketException e) {
                        // whoever misbehaves may be cut off
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    /** Everything that was given up is free again, soon. */
    private static void settle(TestServer server) {
        long end = System.nanoTime() + 20_000_000_000L;
        EngineLoad load = server.model().engine().load();
        while ((load.running() > 0 || load.waiting() > 0 || load.kvUsage() > 0) && System.nanoTime() < end) {
            pause(20);
            load = server.model().engine().load();
        }
        assertThat(load.running()).isZero();
        assertThat(load.waiting()).isZero();
        assertThat(load.kvUsage()).isZero();
    }

    private static long usedHeap() {
        System.gc();
        pause(100);
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Ten times what fits. */
    @Test
    void tooManyAreToldSo() throws Exception {
        EngineOptions limits = EngineOptions.builder()
                .maxRunning(4)
                .maxWaiting(4)
                .stepTokens(64)
                .kvPositions(512)
                .kvBlockSize(16)
                .build();
        Map<String, Integer> seen = new TreeMap<>();
        try (TestServer server = server(limits);
                ExecutorService clients = Executors.newFixedThreadPool(80)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 240; i++) {
                SplittableRandom random = new SplittableRandom(i);
                all.add(clients.submit(() -> {
                    try (Socket socket = new Socket("127.0.0.1", server.port())) {
                        send(socket.getOutputStream(), post(body(random, 40, false), false));
                        expect(socket.getInputStream(), seen, 200, 429, 503);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            settle(server);
            assertThat(seen).containsKeys("200", "429");
            assertThat(server.complete("{\"model\":\"tales-small\",\"prompt\":\"Once\",\"max_tokens\":3}")
                            .has("choices"))
                    .isTrue();
        }
    }
}
