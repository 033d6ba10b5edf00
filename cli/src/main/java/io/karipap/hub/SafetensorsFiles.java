package io.karipap.hub;

import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The files of a model in safetensors: of a Hugging Face directory, everything else in a repository is left out. */
final class SafetensorsFiles {
    static final String CONFIG = "config.json";
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Besides configuration and weights; {@code network.json} tells how a compressed model's tensors hang together. */
    private static final List<String> OPTIONAL =
            List.of("generation_config.json", "network.json", "chat_template.jinja", "chat_template.json");

    private static final List<String> TOKENIZER = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "vocab.json",
            "merges.txt",
            "vocab.txt",
            "tekken.json");
    private static final Set<String> VOCABULARIES = Set.of(
            "tokenizer.json",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "vocab.json",
            "vocab.txt",
            "tekken.json");
    private static final Pattern SHARD = Pattern.compile("[\\w.-]+\\.safetensors");

    private SafetensorsFiles() {}

    /** Whether there is a model of this kind, complete or not. */
    static boolean isModel(List<RepositoryFile> files) {
        return has(files, CONFIG) && (has(files, SINGLE) || has(files, INDEX));
    }

    /** Whether something tells the tokens. */
    static boolean hasVocabulary(List<RepositoryFile> files) {
        return files.stream().anyMatch(file -> VOCABULARIES.contains(file.name()) || isTiktoken(file));
    }

    /**
     * What to take.
     *
     * @param index content of {@link #INDEX}, if the files have one
     * @throws HubException if the index cannot be read or names what is not there
     */
    static List<RepositoryFile> choose(List<RepositoryFile> files, Optional<byte[]> index) throws HubException {
        List<RepositoryFile> chosen = new ArrayList<>();
        for (RepositoryFile file : files) {
            if (file.isAtTop() && isMetadata(file)) {
                chosen.add(file);
            }
        }
        if (index.isEmpty()) {
            RepositoryListing.find(files, SINGLE).ifPresent(chosen::add);
            return chosen;
        }
        RepositoryListing.find(files, INDEX).ifPresent(chosen::add);
        for (String shard : shards(index.get())) {
            chosen.add(RepositoryListing.find(files, shard)
                    .orElseThrow(() -> new HubException(INDEX + " names " + shard + ", which is not there")));
        }
        return chosen;
    }

    /** The files that an index names. */
    static Set<String> shards(byte[] index) throws HubException {
        Set<String> shards = new TreeSet<>();
        try {
            for (JsonNode value : Json.parse(index).path("weight_map")) {
                shards.add(value.asString(""));
            }
        } catch (JacksonException e) {
            throw new HubException(INDEX + " is no JSON", e);
        }
        for (String shard : shards) {
            if (!SHARD.matcher(shard).matches()) {
                throw new HubException(INDEX + " names \"" + RepositoryFile.printable(shard)
                        + "\", expected the name of a safetensors file");
            }
        }
        if (shards.isEmpty()) {
            throw new HubException(INDEX + " names no files");
        }
        return shards;
    }

    private static boolean isMetadata(RepositoryFile file) {
        return file.path().equals(CONFIG)
                || OPTIONAL.contains(file.path())
                || TOKENIZER.contains(file.path())
                || isTiktoken(file);
    }

    private static boolean isTiktoken(RepositoryFile file) {
        return file.name().endsWith(".tiktoken");
    }

    private static boolean has(List<RepositoryFile> files, String path) {
        return RepositoryListing.find(files, path).isPresent();
    }

    /** Files that programs look for and that {@code files} lack. */
    static List<String> absent(List<RepositoryFile> files) {
        List<String> absent = new ArrayList<>();
        absent.add(CONFIG);
        absent.add(INDEX);
        absent.addAll(OPTIONAL);
        absent.addAll(TOKENIZER);
        absent.removeIf(path -> has(files, path));
        return absent;
    }
}
