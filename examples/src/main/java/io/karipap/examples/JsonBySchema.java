package io.karipap.examples;

import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.grammar.Grammar;
import io.karipap.grammar.JsonSchema;
import java.io.IOException;

/** JSON that is valid by a schema, whatever the model would rather say. */
public final class JsonBySchema {
    private static final String SCHEMA = """
            {
              "type": "object",
              "properties": {
                "animal": {"enum": ["cat", "dog", "fox"]},
                "name": {"type": "string", "minLength": 1, "maxLength": 12},
                "age": {"type": "integer", "minimum": 0, "maximum": 20}
              },
              "required": ["animal", "name", "age"]
            }
            """;

    private JsonBySchema() {}

    public static void main(String[] args) throws IOException {
        Grammar form = JsonSchema.grammar(SCHEMA);
        GenerationOptions options =
                GenerationOptions.greedy(100).toBuilder().grammar(form).build();
        try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT)) {
            model.generate("The hero of the story: ", options, System.out::print);
            System.out.println();
        }
    }
}
