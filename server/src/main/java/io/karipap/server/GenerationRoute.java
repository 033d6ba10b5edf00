package io.karipap.server;

import io.karipap.generate.ContextLengthException;
import io.karipap.generate.EngineFullException;
import io.karipap.generate.Generation;
import io.karipap.generate.GenerationRequest;
import io.karipap.generate.LanguageModel;
import io.karipap.server.TextRequest.Prompt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has texts generated: {@code POST /v1/completions} and {@code POST /v1/chat/completions}. */
final class GenerationRoute {
    private static final Logger PROMPTS = LoggerFactory.getLogger("io.karipap.prompts");

    private final ServedModel served;
    private final ServerOptions options;
    private final ServerMetrics metrics;
    private final TokenNames names;

    GenerationRoute(ServedModel served, ServerOptions options, ServerMetrics metrics) {
        this.served = served;
        this.options = options;
        this.metrics = metrics;
        this.names = new TokenNames(served.model().tokenizer());
    }

    /** Parses and submits a request; not in an event loop, because tokenizing takes time. */
    void completions(JsonFields fields, Exchange exchange) {
        TextRequest request =
                CompletionRequest.parse(fields, served, options.timeouts().generate());
        start(
                request,
                exchange,
                new CompletionShape(RequestHead.newId("cmpl-"), now(), request.model(), served.fingerprint(), names));
    }

    /** As {@link #completions}, for messages. */
    void chat(JsonFields fields, Exchange exchange) {
        TextRequest request =
                ChatRequest.parse(fields, served, options.timeouts().generate());
        start(
                request,
                exchange,
                new ChatShape(RequestHead.newId("chatcmpl-"), now(), request.model(), served.fingerprint(), names));
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private void start(TextRequest request, Exchange exchange, ResponseShape shape) {
        int count = request.prompts().size() * request.bestOf();
        if (count > options.limits().choices()) {
            throw ApiException.badRequest(
                    "n",
                    "the request asks for " + count + " texts, at most "
                            + options.limits().choices() + " are allowed");
        }
        if (options.access().logPrompts()) {
            request.prompts().forEach(prompt -> PROMPTS.info("{} {}", exchange.requestId(), prompt.text()));
        }
        LanguageModel model = served.model();
        List<GrowingText> choices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            choices.add(new GrowingText(request, request.prompts().get(i / request.bestOf()), model.tokenizer()));
        }
        Answer answer = new Answer(request, shape, exchange, metrics, choices);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            Prompt prompt = request.prompts().get(i / request.bestOf());
            requests.add(new GenerationRequest(
                    prompt.ids(),
                    request.options().toBuilder()
                            .seed(TextRequest.seed(prompt.seed(), i % request.bestOf()))
                            .build(),
                    event -> exchange.execute(() -> answer.accept(index, event))));
        }
        if (request.stream()) {
            exchange.execute(exchange::keepAlive);
        }
        List<Generation> generations = submit(requests);
        exchange.execute(() -> exchange.generating(generations));
    }

    private List<Generation> submit(List<GenerationRequest> requests) {
        try {
            return served.model().engine().submit(requests);
        } catch (ContextLengthException e) {
            throw ApiException.badRequest("prompt", e.getMessage(), "context_length_exceeded");
        } catch (EngineFullException e) {
            throw ApiException.tooMany(e.getMessage());
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("prompt", e.getMessage());
        } catch (IllegalStateException e) {
            throw ApiException.unavailable("the server is stopping", "stopping");
        }
    }
}
