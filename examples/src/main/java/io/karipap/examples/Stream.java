package io.karipap.examples;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.GenerationResult;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import java.io.IOException;
import java.util.List;

/** A text with a callback: drawn with a seed, ended by a blank line, and what it took. */
public final class Stream {
    private Stream() {}

    public static void main(String[] args) throws IOException {
        GenerationOptions options = GenerationOptions.builder()
                .maxTokens(100)
                .sampling(SamplingOptions.builder()
                        .temperature(0.8)
                        .topP(0.95)
                        .seed(7)
                        .build())
                .stop(StopOptions.at(List.of("\n\n")))
                .build();
        try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT)) {
            GenerationResult result = model.generate("The old man", options, System.out::print);
            System.out.printf(
                    "%n%d tokens after a prompt of %d, ended by %s%n",
                    result.completionTokens(), result.promptTokens(), result.reason());
        }
    }
}
