package io.karipap.bench;

import io.karipap.generate.EngineFullException;
import io.karipap.generate.GenerationEvent;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.StopOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An engine in this process, without HTTP. Whoever makes it keeps a thread in {@code run()}. */
public final class EngineTarget implements LoadTarget {
    private final LanguageModel model;

    public EngineTarget(LanguageModel model) {
        this.model = model;
    }

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public RequestTimes generate(int client, String prompt, int maxTokens, long seed) {
        long start = System.nanoTime();
        List<Long> arrivals = new ArrayList<>(); // touched by the engine's thread until the future is complete
        CompletableFuture<GenerationEvent> end = new CompletableFuture<>();
        GenerationOptions options = GenerationOptions.sampled(maxTokens, 1, seed).toBuilder()
                .stop(StopOptions.never())
                .build();
        try {
            model.engine().submit(model.encodePrompt(prompt), options, event -> {
                if (event instanceof GenerationEvent.Token) {
                    arrivals.add(System.nanoTime());
                } else {
                    end.complete(event);
                }
            });
        } catch (EngineFullException | IllegalArgumentException e) {
            return RequestTimes.failed(client, start, e.getClass().getSimpleName());
        }
        return switch (end.join()) {
            case GenerationEvent.Finished finished ->
                new RequestTimes(
                        client,
                        start,
                        arrivals,
                        System.nanoTime(),
                        finished.promptTokens(),
                        finished.cachedTokens(),
                        finished.completionTokens(),
                        null);
            case GenerationEvent.Failed failed ->
                RequestTimes.failed(client, start, failed.cause().toString());
            default -> throw new IllegalStateException("no end");
        };
    }

    @Override
    public void close() {
        // the model belongs to whoever made it
    }
}
