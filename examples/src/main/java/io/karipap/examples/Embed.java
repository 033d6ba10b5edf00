package io.karipap.examples;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import java.io.IOException;

/** A model in one's own program: prints a text piece by piece, as it is generated. */
public final class Embed {
    private Embed() {}

    public static void main(String[] args) throws IOException {
        try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT)) {
            for (String piece : model.generate("Once upon a time", GenerationOptions.greedy(100))) {
                System.out.print(piece);
            }
        }
    }
}
