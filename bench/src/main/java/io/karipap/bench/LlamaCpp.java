package io.karipap.bench;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import io.karipap.evaluate.ModelSpeed;
import java.nio.file.Path;
import java.util.Random;

/** llama.cpp, through de.kherud:llama, on a GGUF file. */
public final class LlamaCpp implements AutoCloseable {
    private final LlamaModel model;

    /**
     * @param threads threads that compute
     * @param context tokens of context
     */
    public LlamaCpp(Path gguf, int threads, int context) {
        LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
        model = new LlamaModel(new ModelParameters()
                .setModel(gguf.toString())
                .setThreads(threads)
                .setThreadsBatch(threads)
                .setCtxSize(context));
    }

    /** The greedy continuation of a prompt. */
    public String greedy(String prompt, int tokens) {
        StringBuilder text = new StringBuilder();
        for (LlamaOutput output : model.generate(parameters(prompt, tokens))) {
            text.append(output);
        }
        return text.toString();
    }

    private static InferenceParameters parameters(String prompt, int tokens) {
        return new InferenceParameters(prompt)
                .setNPredict(tokens)
                .setTemperature(0)
                .setCachePrompt(false)
                .setIgnoreEos(true);
    }

    /** Tokens of a text, as this model counts. */
    public int count(String text) {
        return model.encode(text).length;
    }

    /**
     * Times one request.
     *
     * @param promptTokens least tokens of the prompt, of random words
     * @param seed of the words: another prompt each time, so that nothing is reused
     */
    public ModelSpeed measure(int promptTokens, int tokens, long seed) {
        String prompt = words(promptTokens, seed);
        int counted = count(prompt);
        long start = System.nanoTime();
        long first = 0;
        int generated = 0;
        for (LlamaOutput ignored : model.generate(parameters(prompt, tokens))) {
            if (generated++ == 0) {
                first = System.nanoTime();
            }
        }
        long end = System.nanoTime();
        return new ModelSpeed(counted * 1e9 / (first - start), (generated - 1) * 1e9 / (end - first));
    }

    private String words(int tokens, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("The");
        while (count(text.toString()) < tokens) {
            for (int i = 0; i < 4; i++) {
                text.append(' ');
                for (int letter = 0; letter <= random.nextInt(5); letter++) {
                    text.append((char) ('a' + random.nextInt(26)));
                }
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        model.close();
    }
}
