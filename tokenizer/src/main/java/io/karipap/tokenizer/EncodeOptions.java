package io.karipap.tokenizer;

/**
 * How special tokens are treated while encoding.
 *
 * @param addSpecialTokens whether the model's template (usually a beginning-of-sequence token) is applied
 * @param parseSpecialTokens whether the spelling of a special token inside the text becomes that token; off by default, so that
 *     text from outside cannot inject control tokens
 * @since 0.1
 */
public record EncodeOptions(boolean addSpecialTokens, boolean parseSpecialTokens) {
    /** No template, special tokens in the text are plain text. */
    public static final EncodeOptions PLAIN = new EncodeOptions(false, false);

    /** What a model expects as a prompt: template applied, special tokens in the text are plain text. */
    public static final EncodeOptions PROMPT = new EncodeOptions(true, false);

    /** No template, special tokens in the text are parsed: the behaviour of Hugging Face's {@code add_special_tokens=False}. */
    public static final EncodeOptions PARSED = new EncodeOptions(false, true);
}
