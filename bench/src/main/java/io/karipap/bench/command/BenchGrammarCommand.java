package io.karipap.bench.command;

import io.karipap.bench.MaskTimes;
import io.karipap.bench.MaskWalk;
import io.karipap.grammar.Grammar;
import io.karipap.grammar.GrammarException;
import io.karipap.grammar.VocabularyTrie;
import io.karipap.json.Json;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Time and memory of masks by schema and vocabulary. */
@Command(
        name = "grammar",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long it takes to find the tokens that a JSON Schema allows next, along texts that are drawn at random:",
            "compiling, the first mask, the mean and the 99th percentile of all, and memory. One thread, when the JIT is warm, with a"
                    + " vocabulary that has not met the schema, and again with one that has."
        })
final class BenchGrammarCommand implements Callable<Integer> {
    private static final int WALKS = 5;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Models or tokenizers whose vocabularies are measured.")
    private List<Path> models;

    @Option(
            names = "--schemas",
            paramLabel = "DIR",
            description = "Schemas: all files *.json. Default: twenty that come with this command.")
    private Path schemas;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "150",
            description = "Most tokens of a text. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--walks",
            paramLabel = "DIR",
            description = "Write vocabularies, schemas and texts there, for other programs to do the same.")
    private Path walks;

    @Override
    public Integer call() throws Exception {
        Map<String, String> texts = schemas == null ? builtIn() : read(schemas);
        for (Path model : models) {
            measure(model, texts);
        }
        return 0;
    }

    private static Map<String, String> builtIn() throws IOException {
        try (InputStream in = MaskWalk.class.getResourceAsStream("schemas.json")) {
            Map<String, String> all = new LinkedHashMap<>();
            Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .properties()
                    .forEach(each -> all.put(each.getKey(), Json.text(each.getValue())));
            return all;
        }
    }

    private static Map<String, String> read(Path directory) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                all.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return all;
    }

    private void measure(Path model, Map<String, String> texts) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(model);
        long start = System.nanoTime();
        VocabularyTrie vocabulary = new VocabularyTrie(tokenizer);
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d tokens, prepared in %.0f ms%n%n| schema | compile ms | first µs | mean µs | p99 µs | max µs | mean µs again | masks |"
                        + " KB a request |%n|---|---|---|---|---|---|---|---|---|%n",
                model.getFileName(),
                tokenizer.vocabularySize(),
                (System.nanoTime() - start) / 1e6);
        Map<String, List<MaskWalk>> drawn = new LinkedHashMap<>();
        texts.forEach((name, schema) -> draw(name, schema, vocabulary, tokenizer, drawn));
        if (walks != null) {
            write(model, tokenizer, texts, drawn);
        }
        drawn.forEach((name, each) -> MaskTimes.measure(texts.get(name), each, vocabulary, tokenizer)); // warms the JIT
        VocabularyTrie fresh = new VocabularyTrie(tokenizer); // knows nothing of the schemas yet
        double sum = 0;
        double sumAgain = 0;
        long masks = 0;
        for (Map.Entry<String, List<MaskWalk>> each : drawn.entrySet()) {
            MaskTimes times = MaskTimes.measure(texts.get(each.getKey()), each.getValue(), fresh, tokenizer);
            MaskTimes again = MaskTimes.measure(texts.get(each.getKey()), each.getValue(), fresh, tokenizer);
            sum += times.meanMicros() * times.masks();
            sumAgain += again.meanMicros() * times.masks();
            masks += times.masks();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.0f | %.1f | %.0f | %.0f | %.1f | %d | %.0f |%n",
                    each.getKey(),
                    times.compileMillis(),
                    times.firstMicros(),
                    times.meanMicros(),
                    times.p99Micros(),
                    times.maxMicros(),
                    again.meanMicros(),
                    times.masks(),
                    times.requestKilobytes());
        }
        System.out.printf(
                Locale.ROOT,
                "| all | | | %.1f | | | %.1f | %d | |%n%nThe vocabulary takes %.1f MB.%n",
                sum / masks,
                sumAgain / masks,
                masks,
                fresh.bytes() / 1e6);
    }

    private void draw(
            String name,
            String schema,
            VocabularyTrie vocabulary,
            Tokenizer tokenizer,
            Map<String, List<MaskWalk>> drawn) {
        try {
            Grammar grammar = Grammar.json(schema);
            List<MaskWalk> all = new ArrayList<>();
            for (int i = 0; i < WALKS; i++) {
                all.add(MaskWalk.draw(name, grammar, vocabulary, tokenizer, new Random(i), tokens));
            }
            drawn.put(name, all);
        } catch (GrammarException e) {
            System.out.println("| " + name + " | refused: " + e.getMessage() + " | | | | | | |");
        }
    }

    private void write(Path model, Tokenizer tokenizer, Map<String, String> texts, Map<String, List<MaskWalk>> drawn)
            throws IOException {
        ObjectNode all = Json.object();
        ArrayNode vocabulary = all.putArray("tokens");
        ArrayNode special = all.putArray("special");
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            vocabulary.add(HexFormat.of().formatHex(tokenizer.tokenBytes(id)));
            if (tokenizer.isSpecial(id) || tokenizer.token(id).isEmpty()) {
                special.add(id);
            }
        }
        ArrayNode list = all.putArray("walks");
        drawn.forEach((name, walksOfOne) -> walksOfOne.forEach(walk -> {
            ObjectNode one = list.addObject();
            one.put("name", name);
            one.put("schema", texts.get(name));
            ArrayNode ids = one.putArray("tokens");
            for (int token : walk.tokens()) {
                ids.add(token);
            }
        }));
        Files.createDirectories(walks);
        Files.writeString(walks.resolve(model.getFileName() + ".json"), Json.text(all));
    }
}
