package io.karipap.server;

import io.karipap.generate.FinishReason;
import io.karipap.generate.GenerationEvent;
import io.karipap.json.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns what the engine tells about the texts of one request into its response. Belongs to the event loop of the connection. */
final class Answer {
    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    private final TextRequest request;
    private final ResponseShape shape;
    private final Exchange exchange;
    private final ServerMetrics metrics;
    private final List<GrowingText> choices;
    private final long start = System.nanoTime();
    private long firstToken;
    private int unfinished;
    private Usage usage = Usage.NONE;
    private boolean over;

    /**
     * @param choices the texts, {@code bestOf} of every prompt
     */
    Answer(
            TextRequest request,
            ResponseShape shape,
            Exchange exchange,
            ServerMetrics metrics,
            List<GrowingText> choices) {
        this.request = request;
        this.shape = shape;
        this.exchange = exchange;
        this.metrics = metrics;
        this.choices = choices;
        this.unfinished = choices.size();
    }

    /** Something happened to text {@code index}. */
    void accept(int index, GenerationEvent event) {
        if (over) {
            return;
        }
        GrowingText choice = choices.get(index);
        switch (event) {
            case GenerationEvent.PromptToken token -> choice.add(token);
            case GenerationEvent.Token token -> {
                choice.add(token);
                if (firstToken == 0) {
                    firstToken = System.nanoTime();
                    metrics.firstToken(firstToken - start);
                }
                if (request.stream()) {
                    stream(index, choice);
                }
            }
            case GenerationEvent.Finished end -> finish(index, choice, end);
            case GenerationEvent.Failed failed -> {
                LOG.error("request {}: a generation failed", exchange.requestId(), failed.cause());
                fail(ApiException.internal());
            }
        }
    }

    private void finish(int index, GrowingText choice, GenerationEvent.Finished end) {
        choice.finish(end);
        unfinished--;
        boolean first = index % request.bestOf() == 0;
        usage = usage.plus(
                new Usage(first ? end.promptTokens() : 0, first ? end.cachedTokens() : 0, end.completionTokens()));
        metrics.textFinished(end.reason());
        if (end.reason() == FinishReason.CANCELLED) {
            fail(ApiException.unavailable("the request was ended, because the server stops", "stopping"));
            return;
        }
        if (end.reason() == FinishReason.TIME
                && end.completionTokens() == 0
                && request.options().maxTokens() > 0) {
            fail(ApiException.unavailable("the request found no time to run, try again later", "time_limit"));
            return;
        }
        if (request.stream()) {
            stream(index, choice);
        }
        if (unfinished == 0) {
            end();
        }
    }

    private void stream(int index, GrowingText choice) {
        boolean last = choice.finished();
        if (!last && !choice.hasNewText()) {
            return;
        }
        List<ObjectNode> deltas = shape.deltas(choice, choice.takeText(), choice.takeTokens(), last);
        if (!last && deltas.isEmpty()) {
            return; // it is not certain yet what the text is
        }
        exchange.beginEvents();
        ObjectNode opening = choice.takeOpening() ? shape.opening(choice) : null;
        if (opening != null) {
            chunk(index, opening, null);
        }
        boolean separateEnd = last && !shape.textInLastChunk();
        for (ObjectNode delta : deltas) {
            chunk(index, delta, separateEnd ? null : choice.finishReason());
        }
        if (separateEnd) {
            chunk(index, shape.nothing(choice), choice.finishReason());
        }
    }

    private void chunk(int index, ObjectNode choice, String finishReason) {
        exchange.event(Wire.event(shape.chunk(choice, index, finishReason, request.includeUsage())));
    }

    private void end() {
        over = true;
        long now = System.nanoTime();
        metrics.requestFinished(now - start, firstToken == 0 ? 0 : now - firstToken, choices.size(), usage);
        exchange.describe(summary());
        if (!request.stream()) {
            exchange.respond(HttpResponseStatus.OK, "application/json", Json.bytes(shape.response(best(), usage)));
            return;
        }
        if (request.includeUsage()) {
            exchange.event(Wire.event(shape.usageChunk(usage)));
        }
        exchange.event(Wire.done());
        exchange.endEvents();
    }

    private String summary() {
        String reasons = choices.stream()
                .map(choice -> choice.end().reason().name().toLowerCase(Locale.ROOT))
                .distinct()
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        long first = firstToken == 0 ? 0 : (firstToken - start) / 1_000_000;
        return "prompt_tokens=" + usage.prompt() + " cached_tokens=" + usage.cached() + " completion_tokens="
                + usage.completion() + " texts=" + choices.size() + " finish=" + reasons + " first_token_ms=" + first;
    }

    /** Of every prompt the n most probable of its texts. */
    private List<GrowingText> best() {
        if (request.n() == request.bestOf()) {
            return choices;
        }
        List<GrowingText> best = new ArrayList<>();
        for (int from = 0; from < choices.size(); from += request.bestOf()) {
            choices.subList(from, from + request.bestOf()).stream()
                    .sorted(Comparator.comparingDouble(GrowingText::meanLogprob).reversed())
                    .limit(request.n())
                    .forEach(best::add);
        }
        return best;
    }

    private void fail(ApiException e) {
        over = true;
        exchange.cancelGenerations();
        exchange.fail(e);
    }
}
