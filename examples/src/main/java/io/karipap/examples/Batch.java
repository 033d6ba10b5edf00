package io.karipap.examples;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.GenerationResult;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import java.io.IOException;
import java.util.List;

/** Several texts at once: they are computed together, and each is the same as alone. */
public final class Batch {
    private Batch() {}

    public static void main(String[] args) throws IOException {
        List<String> prompts = List.of("The sun", "The moon", "A star");
        try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT)) {
            List<GenerationResult> results = model.generateAll(prompts, GenerationOptions.greedy(20));
            for (int i = 0; i < prompts.size(); i++) {
                System.out.println(prompts.get(i) + results.get(i).text().replace('\n', ' '));
            }
        }
    }
}
