package io.karipap.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/**
 * An answer, and what was said on the way to it.
 *
 * @param status of the last answer
 * @param uri that answered last
 * @param headers of all answers, the first first: redirects of the hub tell about a file that another host gives out
 */
record HubAnswer(int status, URI uri, List<HttpHeaders> headers, InputStream body) implements AutoCloseable {
    /** A header of the last answer. */
    Optional<String> header(String name) {
        return headers.getLast().firstValue(name);
    }

    /** A header of the first answer that has it. */
    Optional<String> firstHeader(String name) {
        return headers.stream().flatMap(each -> each.firstValue(name).stream()).findFirst();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
