package io.karipap.generate;

import java.util.function.Consumer;

/**
 * One text to generate.
 *
 * @param prompt token ids, at least one
 * @param options what to generate
 * @param listener hears of every token and of the end; called while the engine works, so it must not block
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent")
public record GenerationRequest(int[] prompt, GenerationOptions options, Consumer<GenerationEvent> listener) {}
