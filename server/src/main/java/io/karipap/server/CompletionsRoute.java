package io.karipap.server;

import io.karipap.generate.ContextLengthException;
import io.karipap.generate.EngineFullException;
import io.karipap.generate.FinishReason;
import io.karipap.generate.Generation;
import io.karipap.generate.GenerationEvent;
import io.karipap.generate.LanguageModel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/completions}. */
final class CompletionsRoute {
    private static final Logger LOG = LoggerFactory.getLogger(CompletionsRoute.class);

    private final LanguageModel model;
    private final String fingerprint;
    private final ServerMetrics metrics;

    CompletionsRoute(LanguageModel model, String fingerprint, ServerMetrics metrics) {
        this.model = model;
        this.fingerprint = fingerprint;
        this.metrics = metrics;
    }

    void handle(byte[] body, Exchange exchange) {
        CompletionRequest request = CompletionRequest.parse(body);
        if (!request.model().equals(model.name())) {
            throw ApiException.of(
                    HttpResponseStatus.NOT_FOUND,
                    "not_found_error",
                    "the model \"" + request.model() + "\" is not served here, expected \"" + model.name() + "\"",
                    "model",
                    "model_not_found");
        }
        int[] prompt = request.prompt() != null ? model.encodePrompt(request.prompt()) : request.promptIds();
        Responses.Head head = new Responses.Head(
                "cmpl-"
                        + HexFormat.of()
                                .toHexDigits(RandomGenerator.getDefault().nextLong()),
                Instant.now().getEpochSecond(),
                request.model(),
                fingerprint);
        Consumer<GenerationEvent> answer =
                request.stream() ? new Streamed(head, exchange, request.includeUsage()) : new Whole(head, exchange);
        try {
            Generation generation = model.engine().submit(prompt, request.options(), new Measured(answer));
            exchange.onDisconnect(generation::cancel);
        } catch (ContextLengthException e) {
            throw ApiException.of(
                    HttpResponseStatus.BAD_REQUEST,
                    "invalid_request_error",
                    e.getMessage(),
                    "prompt",
                    "context_length_exceeded");
        } catch (EngineFullException e) {
            throw ApiException.of(
                    HttpResponseStatus.TOO_MANY_REQUESTS, "rate_limit_error", e.getMessage(), null, "queue_full");
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("prompt", e.getMessage());
        } catch (IllegalStateException e) {
            throw ApiException.of(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "server_error", "the server is shutting down", null, null);
        }
    }

    private static ApiException failure(Throwable cause) {
        LOG.error("a generation failed", cause);
        return ApiException.of(
                HttpResponseStatus.INTERNAL_SERVER_ERROR, "server_error", "the generation failed inside", null, null);
    }

    /** Times the events on their way to {@code next}. */
    private final class Measured implements Consumer<GenerationEvent> {
        private final Consumer<GenerationEvent> next;
        private final long start = System.nanoTime();
        private boolean first = true;

        Measured(Consumer<GenerationEvent> next) {
            this.next = next;
        }

        @Override
        public void accept(GenerationEvent event) {
            if (first && event instanceof GenerationEvent.Token) {
                first = false;
                metrics.firstToken(System.nanoTime() - start);
            }
            if (event instanceof GenerationEvent.Finished end) {
                metrics.finished(System.nanoTime() - start, end.reason(), end.promptTokens(), end.completionTokens());
            }
            next.accept(event);
        }
    }

    /** Collects the text and answers once. */
    private static final class Whole implements Consumer<GenerationEvent> {
        private final Responses.Head head;
        private final Exchange exchange;
        private final StringBuilder text = new StringBuilder();

        Whole(Responses.Head head, Exchange exchange) {
            this.head = head;
            this.exchange = exchange;
        }

        @Override
        public void accept(GenerationEvent event) {
            switch (event) {
                case GenerationEvent.Token token -> text.append(token.text());
                case GenerationEvent.Finished end -> {
                    text.append(end.text());
                    exchange.respond(
                            HttpResponseStatus.OK,
                            "application/json",
                            Responses.completion(head, text.toString(), end));
                }
                case GenerationEvent.Failed failed -> exchange.fail(failure(failed.cause()));
            }
        }
    }

    /** Sends every piece of text as it comes. */
    private static final class Streamed implements Consumer<GenerationEvent> {
        private final Responses.Head head;
        private final Exchange exchange;
        private final boolean includeUsage;
        private boolean begun;

        Streamed(Responses.Head head, Exchange exchange, boolean includeUsage) {
            this.head = head;
            this.exchange = exchange;
            this.includeUsage = includeUsage;
        }

        @Override
        public void accept(GenerationEvent event) {
            if (!begun) {
                begun = true;
                exchange.beginEvents();
            }
            switch (event) {
                case GenerationEvent.Token token -> {
                    if (!token.text().isEmpty()) {
                        exchange.event(Responses.chunk(head, token.text(), null, includeUsage));
                    }
                }
                case GenerationEvent.Finished end -> {
                    if (end.reason() != FinishReason.CANCELLED) {
                        exchange.event(Responses.chunk(head, end.text(), end.reason(), includeUsage));
                        if (includeUsage) {
                            exchange.event(Responses.usageChunk(head, end));
                        }
                    }
                    exchange.event(Responses.done());
                    exchange.endEvents();
                }
                case GenerationEvent.Failed failed -> {
                    exchange.event(Responses.errorEvent(failure(failed.cause())));
                    exchange.endEvents();
                }
            }
        }
    }
}
