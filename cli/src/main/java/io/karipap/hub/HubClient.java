package io.karipap.hub;

import io.karipap.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The three questions of the hub's protocol that a pull asks: which files, what are they, their bytes. */
final class HubClient implements AutoCloseable {
    private static final int MAX_LISTING_BYTES = 64 << 20;
    private final HubSettings settings;
    private final ModelReference reference;
    private final HubConnection connection;
    private final Retries retries;

    HubClient(HubSettings settings, ModelReference reference, RetryPolicy policy, TransferProgress progress) {
        this.settings = settings;
        this.reference = reference;
        connection = new HubConnection(settings, policy.patience());
        retries = new Retries(policy, progress);
    }

    /** What the repository has at the revision that was asked for. */
    RepositoryListing listing() throws IOException {
        URI uri = uri("/api/models/" + reference.repository() + "/revision/"
                + URLEncoder.encode(reference.revisionOrMain().text(), StandardCharsets.UTF_8) + "?blobs=true");
        return retries.run(uri.getHost(), () -> {
            try (HubAnswer answer = connection.get(uri, 0)) {
                requireSuccess(answer);
                byte[] bytes = answer.body().readNBytes(MAX_LISTING_BYTES + 1);
                if (bytes.length > MAX_LISTING_BYTES) {
                    throw new HubException("the list of files of " + reference.repository() + " has more than "
                            + ByteCount.text(MAX_LISTING_BYTES));
                }
                return parse(bytes);
            }
        });
    }

    private RepositoryListing parse(byte[] bytes) throws HubException {
        try {
            JsonNode json = Json.parse(bytes);
            List<RepositoryFile> files = new ArrayList<>();
            for (JsonNode sibling : json.path("siblings")) {
                String path = sibling.path("rfilename").asString("");
                JsonNode size = sibling.path("size");
                // Others cannot be stored everywhere, and no model needs them.
                if (RepositoryFile.isSafe(path)) {
                    files.add(new RepositoryFile(
                            path, size.isIntegralNumber() ? OptionalLong.of(size.asLong()) : OptionalLong.empty()));
                }
            }
            return new RepositoryListing(json.path("sha").asString(""), files);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new HubException(
                    settings.endpoint().getHost() + " does not list the files of " + reference.repository()
                            + " as a Hugging Face hub does: is HF_ENDPOINT right?",
                    e);
        }
    }

    /** Size and hash of a file at a commit. */
    RemoteBlob describe(String commit, RepositoryFile file) throws IOException {
        URI uri = uri("/" + reference.repository() + "/resolve/" + commit + "/" + encoded(file.path()));
        return retries.run(file.path(), () -> {
            try (HubAnswer answer = connection.head(uri)) {
                boolean elsewhere = answer.status() >= 300 && answer.status() < 400;
                if (!elsewhere) {
                    requireSuccess(answer);
                }
                String told = answer.firstHeader("X-Repo-Commit").orElse(commit);
                if (!told.equals(commit)) {
                    throw new HubException(settings.endpoint().getHost() + " answers with commit "
                            + RepositoryFile.printable(told) + " of " + reference.repository() + ", asked for "
                            + commit);
                }
                ContentHash hash = answer.firstHeader("X-Linked-Etag")
                        .or(() -> elsewhere ? Optional.empty() : answer.header("ETag"))
                        .flatMap(ContentHash::ofEntityTag)
                        .orElseThrow(() -> new HubException(settings.endpoint().getHost() + " tells no hash of "
                                + file.path() + ", so that it cannot be checked: is HF_ENDPOINT right?"));
                return new RemoteBlob(file.path(), uri, hash, size(answer, elsewhere, file));
            }
        });
    }

    private long size(HubAnswer answer, boolean elsewhere, RepositoryFile file) throws HubException {
        String text = answer.firstHeader("X-Linked-Size")
                .or(() -> elsewhere ? Optional.empty() : answer.header("Content-Length"))
                .orElse("");
        if (text.matches("\\d{1,18}")) {
            return Long.parseLong(text);
        }
        return file.bytes()
                .orElseThrow(
                        () -> new HubException(settings.endpoint().getHost() + " tells no size of " + file.path()));
    }

    /** The bytes of a file, from one on. */
    HubAnswer open(RemoteBlob blob, long from) throws IOException {
        HubAnswer answer = connection.get(blob.uri(), from);
        if (answer.status() != 416) {
            requireSuccess(answer);
        }
        return answer;
    }

    Retries retries() {
        return retries;
    }

    private void requireSuccess(HubAnswer answer) throws IOException {
        if (answer.status() != 200 && answer.status() != 206) {
            IOException failure = new Refusal(settings, reference).of(answer, connection.isOwn(answer.uri()));
            answer.close();
            throw failure;
        }
    }

    private URI uri(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String encoded(String path) {
        try {
            // A leading slash keeps a colon from being read as the end of a scheme.
            return new URI(null, null, "/" + path, null).toASCIIString().substring(1);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("\"" + path + "\" cannot be part of a URL", e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
