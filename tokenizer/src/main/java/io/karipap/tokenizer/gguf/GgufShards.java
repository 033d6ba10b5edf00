package io.karipap.tokenizer.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of one GGUF model: one, or several named {@code NAME-00001-of-0000N.gguf}, of which the first holds the metadata. */
public final class GgufShards {
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

    private GgufShards() {}

    /** Whether the name of {@code path} is that of a GGUF file. */
    public static boolean named(Path path) {
        return path.toString().endsWith(".gguf");
    }

    /**
     * All files of the model of which {@code file} is one, in order.
     *
     * @throws GgufFormatException if one is missing
     */
    public static List<Path> of(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return List.of(file);
        }
        int number = Integer.parseInt(name.group(2));
        int count = Integer.parseInt(name.group(3));
        if (number < 1 || number > count) {
            throw new GgufFormatException("calls itself shard " + number + " of " + count);
        }
        List<Path> shards = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Path shard =
                    file.resolveSibling(String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", name.group(1), i, count));
            if (!Files.isRegularFile(shard)) {
                throw new GgufFormatException("is shard " + number + " of " + count + ", but " + shard.getFileName()
                        + " is missing beside it");
            }
            shards.add(shard);
        }
        return shards;
    }

    /** Name of the model of which {@code file} is one file: without the shard's number and {@code .gguf}. */
    public static String modelName(Path file) {
        String name = file.getFileName().toString();
        Matcher shard = NAME.matcher(name);
        return shard.matches() ? shard.group(1) : name.substring(0, name.length() - ".gguf".length());
    }
}
