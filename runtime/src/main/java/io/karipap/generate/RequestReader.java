package io.karipap.generate;

import io.karipap.grammar.GrammarCursor;
import io.karipap.grammar.VocabularyTrie;
import io.karipap.load.LoadedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Checks requests and makes sequences of them. Thread-safe. */
final class RequestReader {
    private final LoadedModel model;
    private final int vocabularySize;
    private final int contextLength;
    private final int kvBlockSize;
    private final Runnable onChange;
    private final BitSet endTokens = new BitSet();
    private VocabularyTrie vocabulary;

    /**
     * @param contextLength most positions of a sequence
     * @param onChange called when a sequence is cancelled or resumed
     */
    RequestReader(LoadedModel model, int contextLength, int kvBlockSize, Runnable onChange) {
        this.model = model;
        this.vocabularySize = model.transformer().config().vocabularySize();
        this.contextLength = contextLength;
        this.kvBlockSize = kvBlockSize;
        this.onChange = onChange;
        model.endTokens().stream()
                .filter(token -> token >= 0 && token < vocabularySize)
                .forEach(endTokens::set);
    }

    /** Sequences of the requests; where neighbours have the same prompt, the first leads. */
    List<Sequence> read(List<GenerationRequest> requests) {
        List<Sequence> sequences = new ArrayList<>();
        Sequence leader = null;
        int[] leading = null;
        for (GenerationRequest request : requests) {
            check(request);
            boolean follows =
                    leader != null && Arrays.equals(request.prompt(), leading) && leading.length > kvBlockSize;
            Sequence sequence = sequence(request, follows ? leader : null);
            if (!follows) {
                leader = sequence;
                leading = request.prompt();
            }
            sequences.add(sequence);
        }
        return sequences;
    }

    private void check(GenerationRequest request) {
        int[] prompt = request.prompt();
        GenerationOptions options = request.options();
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty, expected at least one token");
        }
        if (prompt.length > contextLength || prompt.length == contextLength && options.maxTokens() > 0) {
            throw new ContextLengthException(prompt.length, contextLength);
        }
        for (int token : prompt) {
            check("prompt", token);
        }
        options.sampling().logitBias().keySet().forEach(token -> check("logitBias", token));
        options.stop().tokens().forEach(token -> check("stop", token));
    }

    private void check(String name, int token) {
        if (token < 0 || token >= vocabularySize) {
            throw new IllegalArgumentException(
                    name + " has the token " + token + ", which is outside 0.." + (vocabularySize - 1));
        }
    }

    private Sequence sequence(GenerationRequest request, Sequence leader) {
        GenerationOptions options = request.options();
        int[] prompt = request.prompt();
        BitSet ends = new BitSet();
        if (!options.stop().ignoreEnd()) {
            ends.or(endTokens);
        }
        options.stop().tokens().forEach(ends::set);
        GrammarCursor grammar = options.grammar()
                .map(form -> new GrammarCursor(form, vocabulary()))
                .orElse(null);
        TokenDraw draw = new TokenDraw(
                new Sampler(options.sampling(), model.transformer().kernels()),
                new LogitAdjuster(options, prompt.length, grammar, ends),
                options.logprobs());
        OutputText output = new OutputText(
                model.tokenizer(),
                prompt,
                options.shownTokens(),
                new StopMatcher(options.stop().texts(), options.stop().shown()),
                ends,
                grammar);
        return new Sequence(request, contextLength, draw, output, leader, onChange);
    }

    private synchronized VocabularyTrie vocabulary() {
        if (vocabulary == null) {
            vocabulary = new VocabularyTrie(model.tokenizer());
        }
        return vocabulary;
    }
}
