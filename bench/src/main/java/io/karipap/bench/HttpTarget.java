package io.karipap.bench;

import io.karipap.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An OpenAI-compatible server, by {@code /completions} in streams. */
public final class HttpTarget implements LoadTarget {
    private static final String DATA = "data: ";

    private final String url;
    private final String model;
    private final String apiKey;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * @param url base of the API, as {@code http://127.0.0.1:8080/v1}
     * @param model name of the model, or null for the first that the server names
     * @param apiKey key to show, or null
     * @throws IOException if the server cannot be reached or names no model
     */
    public HttpTarget(String url, String model, String apiKey) throws IOException, InterruptedException {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.apiKey = apiKey;
        this.model = model != null ? model : firstModel();
    }

    private String firstModel() throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(request("/models").GET().build(), HttpResponse.BodyHandlers.ofString());
        try {
            JsonNode name = Json.parse(response.body()).path("data").path(0).path("id");
            if (response.statusCode() == 200 && name.isString()) {
                return name.stringValue();
            }
        } catch (JacksonException e) {
            throw new IOException(url + "/models answers no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IOException(url + "/models answers " + response.statusCode() + " and names no model");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(10));
        return apiKey == null ? builder : builder.header("Authorization", "Bearer " + apiKey);
    }

    @Override
    public String name() {
        return "HTTP";
    }

    @Override
    public RequestTimes generate(int client, String prompt, int maxTokens, long seed) {
        ObjectNode body = Json.object()
                .put("model", model)
                .put("prompt", prompt)
                .put("max_tokens", maxTokens)
                .put("temperature", 1)
                .put("seed", seed)
                .put("ignore_eos", true)
                .put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        HttpRequest request = request("/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        long start = System.nanoTime();
        try {
            HttpResponse<Stream<String>> response = this.client.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                return response.statusCode() == 200
                        ? read(client, start, lines.iterator())
                        : RequestTimes.failed(client, start, Integer.toString(response.statusCode()));
            }
        } catch (IOException | RuntimeException e) {
            return RequestTimes.failed(client, start, e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return RequestTimes.failed(client, start, "interrupted");
        }
    }

    private static RequestTimes read(int client, long start, Iterator<String> lines) {
        List<Long> arrivals = new ArrayList<>();
        JsonNode usage = null;
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.startsWith(DATA) || line.equals(DATA + "[DONE]")) {
                continue;
            }
            long now = System.nanoTime();
            if (line.contains("\"usage\":{") || line.contains("\"error\"")) {
                JsonNode event = Json.parse(line.substring(DATA.length()));
                if (event.has("error")) {
                    return RequestTimes.failed(client, start, "in the stream");
                }
                usage = event.path("usage");
                if (event.path("choices").isEmpty()) {
                    continue;
                }
            }
            arrivals.add(now);
        }
        if (usage == null) {
            return RequestTimes.failed(client, start, "no usage");
        }
        return new RequestTimes(
                client,
                start,
                arrivals,
                System.nanoTime(),
                usage.path("prompt_tokens").asInt(),
                usage.path("prompt_tokens_details").path("cached_tokens").asInt(0),
                usage.path("completion_tokens").asInt(),
                null);
    }

    @Override
    public void close() {
        client.close();
    }
}
