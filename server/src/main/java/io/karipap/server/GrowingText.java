package io.karipap.server;

import io.karipap.generate.FinishReason;
import io.karipap.generate.GenerationEvent;
import io.karipap.generate.TokenLogprobs;
import io.karipap.tokenizer.StreamingDecoder;
import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One text of a response while it grows. Belongs to the event loop of its connection. */
final class GrowingText {
    private final TextRequest request;
    private final TextRequest.Prompt prompt;
    private final Optional<GrowingAnswer> answer;
    private final StreamingDecoder offsets;
    private final List<ListedToken> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean opened;
    private int sentTokens;
    private int sentText;
    private int offset;
    private double logprobSum;
    private GenerationEvent.Finished end;

    GrowingText(TextRequest request, TextRequest.Prompt prompt, Tokenizer tokenizer) {
        this.request = request;
        this.prompt = prompt;
        this.answer = request.answers().map(Supplier::get);
        boolean scored = request.options().logprobs().prompt();
        StreamingDecoder decoder = tokenizer.streamingDecoder(request.options().shownTokens());
        this.offsets = scored ? decoder : decoder.continuing();
        if (request.echo()) {
            text.append(prompt.text());
            this.offset = scored ? 0 : prompt.text().length();
        }
    }

    void add(GenerationEvent.PromptToken token) {
        list(token.id(), token.logprobs());
    }

    void add(GenerationEvent.Token token) {
        list(token.id(), token.logprobs());
        logprobSum += token.logprobs().map(TokenLogprobs::logprob).orElse(0f);
        text.append(token.text());
    }

    private void list(int id, Optional<TokenLogprobs> logprobs) {
        tokens.add(new ListedToken(id, logprobs, offset));
        offset += offsets.next(id).length();
    }

    void finish(GenerationEvent.Finished finished) {
        text.append(finished.text());
        end = finished;
    }

    boolean finished() {
        return end != null;
    }

    TextRequest request() {
        return request;
    }

    TextRequest.Prompt prompt() {
        return prompt;
    }

    /** Takes the text apart, where it is an answer that may have parts. */
    Optional<GrowingAnswer> answer() {
        return answer;
    }

    /** The whole text so far. */
    String text() {
        return text.toString();
    }

    /** All tokens so far, those of the prompt included where they were scored. */
    List<ListedToken> tokens() {
        return tokens;
    }

    /** Whether this is the first time that something is taken. */
    boolean takeOpening() {
        boolean first = !opened;
        opened = true;
        return first;
    }

    /** Text that has not been taken yet. */
    String takeText() {
        String taken = text.substring(sentText);
        sentText = text.length();
        return taken;
    }

    boolean hasNewText() {
        return sentText < text.length();
    }

    /** Tokens that have not been taken yet. */
    List<ListedToken> takeTokens() {
        List<ListedToken> taken = List.copyOf(tokens.subList(sentTokens, tokens.size()));
        sentTokens = tokens.size();
        return taken;
    }

    /** Ids of the last {@code count} tokens that were drawn, fewer if there are fewer. */
    List<Integer> drawn(int count) {
        int first = request.options().logprobs().prompt() ? Math.min(tokens.size(), prompt.ids().length) : 0;
        return tokens.subList(Math.max(first, tokens.size() - count), tokens.size()).stream()
                .map(ListedToken::id)
                .toList();
    }

    /** Mean ln of the probability of a token drawn: by this the best of several is chosen. */
    double meanLogprob() {
        return end.completionTokens() == 0 ? 0 : logprobSum / end.completionTokens();
    }

    /** Why it ended, in OpenAI's words; null while it goes on. */
    String finishReason() {
        if (end == null) {
            return null;
        }
        boolean calls = answer.isPresent() && answer.get().calls();
        return end.reason() != FinishReason.STOP ? "length" : calls ? "tool_calls" : "stop";
    }

    GenerationEvent.Finished end() {
        return end;
    }
}
