package io.karipap.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF model of a repository: one file, or all shards of one.
 *
 * @param name path without the shard's number and without {@code .gguf}
 * @param shards how many files it has when it is complete
 * @param files in the order of the shards
 */
record GgufModel(String name, int shards, List<RepositoryFile> files) {
    private static final Pattern FILE = Pattern.compile("(.+?)(?:-(\\d{5})-of-(\\d{5}))?\\.gguf");
    private static final Pattern QUANT = Pattern.compile(
            "(?:^|[-._/ ])((?:UD-)?(?:I?Q\\d\\w*|TQ\\d_0|MXFP4\\w*|NVFP4\\w*|B?F16|F32|FP16|FP32))(?=[-./ ]|$)",
            Pattern.CASE_INSENSITIVE);

    GgufModel {
        files = List.copyOf(files);
    }

    /** The models among files, by name. Projectors of images and importance matrices are none, though they end in {@code .gguf}. */
    static List<GgufModel> of(List<RepositoryFile> files) {
        Map<String, TreeMap<Integer, RepositoryFile>> shards = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (RepositoryFile file : files) {
            Matcher matcher = FILE.matcher(file.path());
            if (!matcher.matches() || isOther(file.name())) {
                continue;
            }
            boolean sharded = matcher.group(2) != null;
            // A shard's group has its count in its key: a repository may have a model whole and in shards.
            String key = matcher.group(1) + "\0" + (sharded ? matcher.group(3) : "");
            shards.computeIfAbsent(key, k -> new TreeMap<>())
                    .put(sharded ? Integer.parseInt(matcher.group(2)) : 1, file);
            counts.put(key, sharded ? Integer.parseInt(matcher.group(3)) : 1);
        }
        List<GgufModel> models = new ArrayList<>();
        for (Map.Entry<String, TreeMap<Integer, RepositoryFile>> each : shards.entrySet()) {
            String name = each.getKey().substring(0, each.getKey().indexOf('\0'));
            models.add(new GgufModel(
                    name, counts.get(each.getKey()), List.copyOf(each.getValue().values())));
        }
        return models;
    }

    private static boolean isOther(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("mmproj") || lower.contains("imatrix");
    }

    /** Its quantisation, if the name tells: the last that it has, such as {@code Q4_K_M} or {@code UD-Q4_K_XL}. */
    Optional<String> quant() {
        Optional<String> last = Optional.empty();
        Matcher matcher = QUANT.matcher(name);
        for (int from = 0; matcher.find(from); from = matcher.end(1)) {
            last = Optional.of(matcher.group(1).toUpperCase(Locale.ROOT));
        }
        return last;
    }

    /** Size of all files, if it is known. */
    OptionalLong bytes() {
        return files.stream().allMatch(file -> file.bytes().isPresent())
                ? OptionalLong.of(files.stream()
                        .mapToLong(file -> file.bytes().getAsLong())
                        .sum())
                : OptionalLong.empty();
    }

    /** The model that a file belongs to. */
    static Optional<GgufModel> with(List<GgufModel> models, String path) {
        return models.stream()
                .filter(model -> RepositoryListing.find(model.files(), path).isPresent())
                .findFirst();
    }

    /**
     * This model.
     *
     * @throws HubException if a shard is missing
     */
    GgufModel complete() throws HubException {
        if (files.size() != shards) {
            throw new HubException(name + ".gguf has only " + files.size() + " of its " + shards + " shards");
        }
        return this;
    }
}
