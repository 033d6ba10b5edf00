package io.karipap.server;

import io.karipap.generate.GenerationOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Texts that a client asked for, at whatever endpoint.
 *
 * @param model what the client calls the model
 * @param prompts what to continue
 * @param n texts of every prompt that are answered
 * @param bestOf texts of every prompt that are generated
 * @param options what to generate; the seed is that of the first text of every prompt
 * @param echo whether a text begins with its prompt
 * @param logprobs whether log-probabilities are answered
 * @param tokenIds whether token ids are answered
 * @param stream whether tokens are sent as they come
 * @param includeUsage whether a stream ends with the numbers of tokens
 * @param answers takes each text apart, where it is an answer that may have parts
 */
record TextRequest(
        String model,
        List<Prompt> prompts,
        int n,
        int bestOf,
        GenerationOptions options,
        boolean echo,
        boolean logprobs,
        boolean tokenIds,
        boolean stream,
        boolean includeUsage,
        Optional<Supplier<GrowingAnswer>> answers) {
    TextRequest {
        prompts = List.copyOf(prompts);
    }

    /**
     * A prompt.
     *
     * @param text what is echoed
     * @param ids its tokens
     * @param seed of its first text
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Prompt(String text, int[] ids, long seed) {}

    /** Seed of text {@code j} of a prompt: the first has the seed that was asked for, others are hashed from it. */
    static long seed(long seed, int j) {
        if (j == 0) {
            return seed;
        }
        // Stafford's mix 13 of splitmix64
        long z = seed + j * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
