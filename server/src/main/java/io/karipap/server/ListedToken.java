package io.karipap.server;

import io.karipap.generate.TokenLogprobs;
import java.util.Optional;

/**
 * A token as log-probabilities list it.
 *
 * @param id token id
 * @param logprobs at its position; absent for the first token of a prompt, or where none were asked for
 * @param offset characters of the text before it
 */
record ListedToken(int id, Optional<TokenLogprobs> logprobs, int offset) {}
