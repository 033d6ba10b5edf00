package io.karipap.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Sends requests and follows redirects. The token goes to the endpoint's own origin (scheme, host, port) and nowhere else. */
final class HubConnection implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubSettings settings;
    private final Duration patience;
    private final HttpClient client;

    HubConnection(HubSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .build();
    }

    /** What a server has at an address, from a byte on. */
    HubAnswer get(URI uri, long from) throws IOException {
        return send("GET", uri, from, true);
    }

    /** What the endpoint says about an address; a redirect to another origin is not followed. */
    HubAnswer head(URI uri) throws IOException {
        return send("HEAD", uri, 0, false);
    }

    /**
     * @throws TransientFailure if the server cannot be reached or does not answer
     * @throws HubException if it redirects too often or to where a transfer may not go
     */
    private HubAnswer send(String method, URI start, long from, boolean toOtherOrigins) throws IOException {
        List<HttpHeaders> headers = new ArrayList<>();
        URI uri = start;
        while (true) {
            HttpResponse<InputStream> response = exchange(method, uri, from);
            headers.add(response.headers());
            String location = response.headers().firstValue("Location").orElse(null);
            URI next = REDIRECTS.contains(response.statusCode()) && location != null ? target(uri, location) : null;
            if (next == null || !(toOtherOrigins || isOwn(next))) {
                return new HubAnswer(
                        response.statusCode(), uri, List.copyOf(headers), new PatientStream(response.body(), patience));
            }
            response.body().close();
            if (headers.size() > MAX_REDIRECTS) {
                throw new HubException(start + " redirects more than " + MAX_REDIRECTS + " times");
            }
            uri = next;
        }
    }

    private HttpResponse<InputStream> exchange(String method, URI uri, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience)
                .header("User-Agent", "karipap")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (isOwn(uri)) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (SSLException e) {
            throw new HubException(uri.getHost() + " cannot be trusted (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            TransientFailure failure =
                    new TransientFailure(uri.getHost() + " cannot be reached (" + reason(e) + ")", Duration.ZERO);
            failure.initCause(e);
            throw failure;
        }
    }

    private static String reason(IOException e) {
        if (e instanceof ConnectException) { // the JDK says why in a cause, if at all
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause instanceof UnresolvedAddressException ? "unknown host" : "no connection";
        }
        return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
    }

    private static URI target(URI from, String location) throws HubException {
        try {
            URI next = from.resolve(location);
            String scheme = next.getScheme();
            boolean allowed = "https".equals(scheme) || "http".equals(scheme) && "http".equals(from.getScheme());
            if (allowed && next.getHost() != null && next.getRawUserInfo() == null) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            // The sentence below says it.
        }
        throw new HubException(from.getHost() + " redirects to \"" + RepositoryFile.printable(location)
                + "\", where a transfer may not go");
    }

    /** Whether an address is of the endpoint's origin. */
    boolean isOwn(URI uri) {
        URI own = settings.endpoint();
        return own.getScheme().equals(uri.getScheme())
                && own.getHost().equalsIgnoreCase(uri.getHost())
                && port(own) == port(uri);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
