package io.karipap.generate;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How a model's authors would have it sampled: what {@code generation_config.json}, or the metadata of a GGUF file, says. Values for
 * what a request leaves open; nothing but who asks for them uses them.
 *
 * @param temperature what divides the logits; 0 where the file says {@code "do_sample": false}
 * @param topK only so many of the most probable tokens; 0 for all
 * @param topP only the fewest tokens whose probabilities reach this sum
 * @param minP only tokens at least this fraction as probable as the most probable one
 * @param repetitionPenalty what divides positive and multiplies negative logits of tokens that have occurred
 * @param maxTokens most tokens of a text
 * @since 0.1
 */
public record GenerationDefaults(
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalDouble minP,
        OptionalDouble repetitionPenalty,
        OptionalInt maxTokens) {
    /** The authors say nothing. */
    public static final GenerationDefaults NONE = new GenerationDefaults(
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty());

    private static final String FILE = "generation_config.json";

    /** @throws IllegalArgumentException if a value is out of the range that {@link SamplingOptions} allows */
    public GenerationDefaults {
        fill(SamplingOptions.builder(), temperature, topK, topP, minP, repetitionPenalty)
                .build();
        if (maxTokens.isPresent() && maxTokens.getAsInt() < 0) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens.getAsInt() + ", expected 0 or more");
        }
    }

    /** Sampling by these values; the model's own probabilities where they are absent. */
    public SamplingOptions.Builder sampling() {
        return fill(SamplingOptions.builder(), temperature, topK, topP, minP, repetitionPenalty);
    }

    private static SamplingOptions.Builder fill(
            SamplingOptions.Builder builder,
            OptionalDouble temperature,
            OptionalInt topK,
            OptionalDouble topP,
            OptionalDouble minP,
            OptionalDouble repetitionPenalty) {
        temperature.ifPresent(builder::temperature);
        topK.ifPresent(builder::topK);
        topP.ifPresent(builder::topP);
        minP.ifPresent(builder::minP);
        repetitionPenalty.ifPresent(builder::repetitionPenalty);
        return builder;
    }

    /** @throws ModelFormatException if the file is malformed or a value is out of range */
    static GenerationDefaults read(ModelSource source) throws IOException {
        if (!source.has(FILE)) {
            return NONE;
        }
        try {
            JsonNode file = Json.parse(source.read(FILE));
            boolean greedy = file.path("do_sample").isBoolean()
                    && !file.path("do_sample").booleanValue();
            return new GenerationDefaults(
                    greedy ? OptionalDouble.of(0) : real(file, "temperature"),
                    all(whole(file, "top_k")),
                    real(file, "top_p"),
                    real(file, "min_p"),
                    real(file, "repetition_penalty"),
                    whole(file, "max_new_tokens"));
        } catch (JacksonException e) {
            throw new ModelFormatException(source.describe(FILE) + " is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(source.describe(FILE) + ": " + e.getMessage(), e);
        }
    }

    /** Some files say −1 for all tokens. */
    private static OptionalInt all(OptionalInt topK) {
        return topK.isPresent() && topK.getAsInt() == -1 ? OptionalInt.of(0) : topK;
    }

    private static OptionalDouble real(JsonNode file, String field) {
        return number(file, field)
                .map(node -> OptionalDouble.of(node.doubleValue()))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalInt whole(JsonNode file, String field) {
        Optional<JsonNode> node = number(file, field);
        if (node.isPresent() && !(node.get().isIntegralNumber() && node.get().canConvertToInt())) {
            throw new IllegalArgumentException(field + " is " + node.get() + ", expected a whole number");
        }
        return node.map(number -> OptionalInt.of(number.intValue())).orElse(OptionalInt.empty());
    }

    /** null says, as in Python, that there is no value. */
    private static Optional<JsonNode> number(JsonNode file, String field) {
        JsonNode node = file.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isNumber()) {
            throw new IllegalArgumentException(field + " is " + node + ", expected a number");
        }
        return Optional.of(node);
    }
}
