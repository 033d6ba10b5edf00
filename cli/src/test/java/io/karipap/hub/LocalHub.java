package io.karipap.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A hub on the loopback address that answers as Hugging Face's does: it lists files, redirects small ones within itself and large ones
 * to storage of another origin, which knows ranges. It can be told to misbehave.
 */
final class LocalHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final Duration HANG = Duration.ofSeconds(30);
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final Pattern LISTING = Pattern.compile("/api/models/([^/]+/[^/]+)/revision/([^/]+)");

    record Stored(byte[] content, boolean large) {
        String hash() {
            return large ? sha256(content) : gitSha1(content);
        }
    }

    /** What was asked. */
    record Request(String server, String method, String path, String authorization, String range) {}

    final Map<String, Stored> files = new TreeMap<>();
    final Map<String, String> commits = new HashMap<>(Map.of("main", COMMIT));
    final List<Request> requests = new CopyOnWriteArrayList<>();
    /** Bytes of a file after which its transfer breaks, one for each time. */
    final Map<String, List<Integer>> breaks = new ConcurrentHashMap<>();
    /** Statuses that the storage answers before it gives out a file. */
    final Map<String, List<Integer>> statuses = new ConcurrentHashMap<>();
    /** What the storage gives out instead. */
    final Map<String, byte[]> forged = new ConcurrentHashMap<>();

    volatile String token = "";
    volatile boolean gated;
    volatile boolean ranges = true;
    volatile boolean hang;
    volatile String listing = "";
    volatile String redirect = "";

    private final HttpServer hub = server();
    private final HttpServer storage = server();

    LocalHub() throws IOException {
        hub.createContext("/", exchange -> handle(exchange, "hub"));
        storage.createContext("/", exchange -> handle(exchange, "storage"));
        hub.start();
        storage.start();
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return server;
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    URI endpoint() {
        return URI.create(address(hub));
    }

    HubSettings settings(Path cache) {
        return new HubSettings(
                endpoint(), cache, token.isEmpty() ? Optional.empty() : Optional.of("hf_" + "secret"), false);
    }

    LocalHub small(String path, String content) {
        files.put(path, new Stored(content.getBytes(StandardCharsets.UTF_8), false));
        return this;
    }

    LocalHub large(String path, byte[] content) {
        files.put(path, new Stored(content, true));
        return this;
    }

    /** A model in safetensors of two shards. */
    LocalHub model() {
        return small("config.json", "{}")
                .small("README.md", "# A model")
                .small("tokenizer.json", "{\"model\":{}}")
                .small("model.safetensors.index.json", """
                        {"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""")
                .large("model-00001-of-00002.safetensors", bytes(1, 3_000_000))
                .large("model-00002-of-00002.safetensors", bytes(2, 5_000))
                .large("pytorch_model.bin", bytes(3, 1000));
    }

    static byte[] bytes(int seed, int count) {
        byte[] bytes = new byte[count];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }

    long count(String server, String method, String path) {
        return requests.stream()
                .filter(r -> r.server().equals(server)
                        && r.method().equals(method)
                        && r.path().endsWith(path))
                .count();
    }

    private void handle(HttpExchange exchange, String server) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(new Request(
                    server,
                    exchange.getRequestMethod(),
                    path,
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Range")));
            if (server.equals("storage")) {
                give(exchange, path.substring(1));
            } else {
                answer(exchange, exchange.getRequestURI().getRawPath());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException, InterruptedException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!token.isEmpty() && !("Bearer " + token).equals(authorization)) {
            fail(exchange, 401, "");
            return;
        }
        Matcher list = LISTING.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        if (list.matches()) {
            String commit = commits.get(decoded(list.group(2)));
            if (!list.group(1).equals("acme/tiny")) {
                fail(exchange, authorization == null ? 401 : 404, authorization == null ? "" : "RepoNotFound");
            } else if (commit == null) {
                fail(exchange, 404, "RevisionNotFound");
            } else {
                send(exchange, 200, listing.isEmpty() ? listing(commit) : listing.getBytes(StandardCharsets.UTF_8));
            }
        } else if (resolve.matches()) {
            resolve(exchange, decoded(resolve.group(2)), decoded(resolve.group(3)));
        } else if (path.startsWith("/api/resolve-cache/")) {
            give(exchange, decoded(path.substring("/api/resolve-cache/".length())));
        } else {
            fail(exchange, 404, "");
        }
    }

    private void resolve(HttpExchange exchange, String revision, String path) throws IOException {
        Stored file = files.get(path);
        exchange.getResponseHeaders().add("X-Repo-Commit", commits.getOrDefault(revision, revision));
        if (gated) {
            fail(exchange, 403, "GatedRepo");
        } else if (file == null) {
            fail(exchange, 404, "EntryNotFound");
        } else if (file.large()) {
            exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + file.hash() + "\"");
            exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(file.content().length));
            exchange.getResponseHeaders()
                    .add("Location", redirect.isEmpty() ? address(storage) + "/" + path : redirect);
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().add("Location", "/api/resolve-cache/" + path);
            exchange.sendResponseHeaders(307, -1);
        }
    }

    private void give(HttpExchange exchange, String path) throws IOException, InterruptedException {
        Stored file = files.get(path);
        Integer status = next(statuses, path);
        if (status != null) {
            fail(exchange, status, "");
            return;
        }
        byte[] content = forged.getOrDefault(path, file.content());
        exchange.getResponseHeaders().add("ETag", "\"" + file.hash() + "\"");
        exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null && ranges) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(range != null && ranges ? 206 : 200, content.length - from);
        Integer breakAt = next(breaks, path);
        int to = breakAt == null ? content.length : Math.min(content.length, from + breakAt);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, to - from);
        out.flush();
        if (breakAt != null) {
            Thread.sleep(
                    hang
                            ? HANG
                            : Duration.ofMillis(300)); // a client drops what it has not read when a connection breaks
        }
    }

    private static Integer next(Map<String, List<Integer>> plan, String path) {
        List<Integer> left = plan.getOrDefault(path, List.of());
        synchronized (plan) {
            return left.isEmpty() ? null : left.removeFirst();
        }
    }

    private byte[] listing(String commit) {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode root = json.createObjectNode();
        root.put("id", "acme/tiny");
        root.put("sha", commit);
        var siblings = root.putArray("siblings");
        files.forEach((path, file) -> {
            ObjectNode sibling = siblings.addObject();
            sibling.put("rfilename", path);
            sibling.put("size", file.content().length);
        });
        return json.writeValueAsBytes(root);
    }

    private static void fail(HttpExchange exchange, int status, String code) throws IOException {
        if (!code.isEmpty()) {
            exchange.getResponseHeaders().add("X-Error-Code", code);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String sha256(byte[] content) {
        return digest("SHA-256", content);
    }

    static String gitSha1(byte[] content) {
        byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(header, header.length + content.length);
        System.arraycopy(content, 0, all, header.length, content.length);
        return digest("SHA-1", all);
    }

    private static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }
}
