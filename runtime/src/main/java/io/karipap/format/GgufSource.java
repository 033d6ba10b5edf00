package io.karipap.format;

import io.karipap.format.gguf.GgufConfig;
import io.karipap.format.gguf.GgufFamilies;
import io.karipap.format.gguf.GgufFamily;
import io.karipap.format.gguf.GgufSampling;
import io.karipap.format.gguf.GgufTensorFacts;
import io.karipap.kernels.WeightType;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufShards;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file, or the shards of one, as a directory of Hugging Face: its metadata are a {@code config.json} and, where they say how to
 * sample, a {@code generation_config.json}; its tensors have Hugging Face's names, shapes, order of rows and values.
 */
public final class GgufSource implements ModelSource {
    private static final String CONFIG = "config.json";
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final int MAX_FREQUENCIES = 1 << 12;

    private final List<GgufShard> shards;
    private final GgufFamily family;
    private final int headDim;
    private final Map<String, Located> located = new LinkedHashMap<>();
    private final Map<String, byte[]> files = new HashMap<>();

    private record Located(GgufShard shard, GgufShard.Extent extent) {}

    private GgufSource(List<GgufShard> shards) {
        this.shards = shards;
        GgufMetadata metadata = shards.getFirst().header().metadata();
        this.family = GgufFamilies.named(metadata.string("general.architecture", ""));
        this.headDim = Math.clamp(GgufConfig.headDim(metadata, family), 0, Integer.MAX_VALUE);
        for (GgufShard shard : shards) {
            for (GgufShard.Extent tensor : shard.tensors()) {
                if (located.put(tensor.info().name(), new Located(shard, tensor)) != null) {
                    throw new GgufFormatException(
                            "has tensor \"" + tensor.info().name() + "\" in two shards");
                }
                check(tensor);
            }
        }
        files.put(CONFIG, GgufConfig.toJson(metadata, family, new Facts()));
        GgufSampling.toJson(metadata).ifPresent(json -> files.put(GENERATION_CONFIG, json));
    }

    /**
     * Maps the files of a model and checks what they say.
     *
     * @param file a GGUF file, or any shard
     * @throws ModelFormatException if a file is missing or malformed, or the architecture is not known
     */
    public static GgufSource open(Path file) throws IOException {
        Path current = file;
        try {
            List<GgufShard> shards = new ArrayList<>();
            List<Path> files = GgufShards.of(file);
            for (Path path : files) {
                current = path;
                GgufShard shard = GgufShard.open(path);
                long count = shard.header().metadata().number("split.count", files.size() == 1 ? 0 : -1);
                long number = shard.header().metadata().number("split.no", files.size() == 1 ? 0 : -1);
                if (files.size() > 1 ? count != files.size() || number != shards.size() : count > 1) {
                    throw new GgufFormatException("says that it is shard " + number + " (from 0) of " + count
                            + ", but its name says " + shards.size() + " of " + files.size());
                }
                shards.add(shard);
            }
            current = files.getFirst();
            long tensors =
                    shards.stream().mapToLong(each -> each.tensors().size()).sum();
            long expected = shards.getFirst().header().metadata().number("split.tensors.count", tensors);
            if (expected != tensors) {
                throw new GgufFormatException("says that its shards hold " + expected
                        + " tensors (split.tensors.count), but they hold " + tensors);
            }
            return new GgufSource(shards);
        } catch (GgufFormatException e) {
            throw new ModelFormatException(current + " " + e.getMessage(), e);
        }
    }

    /** Every tensor belongs to the family, or to its rotary frequencies. */
    private void check(GgufShard.Extent tensor) {
        String name = tensor.info().name();
        Optional<String> named = family.tensor(name);
        if (named.isEmpty() && !GgufConfig.owns(name)) {
            throw new GgufFormatException("has the tensor \"" + name + "\", which models of the architecture "
                    + family.architecture() + " do not have");
        }
        if (named.isPresent() && family.neighbours(named.get())) {
            int rows = tensor.shape().size() == 1
                    ? tensor.columns()
                    : tensor.shape().get(tensor.shape().size() - 2);
            if (headDim < 2 || headDim % 2 != 0 || rows % headDim != 0) {
                throw new GgufFormatException("gives tensor \"" + name + "\" " + rows
                        + " rows, expected whole heads of an even size, not " + headDim);
            }
        }
    }

    private final class Facts implements GgufTensorFacts {
        @Override
        public boolean has(String name) {
            return located.containsKey(name);
        }

        @Override
        public long rows(String name) {
            Located tensor = located.get(name);
            if (tensor == null || tensor.extent().shape().size() != 2) {
                throw new GgufFormatException("has no matrix \"" + name + "\"");
            }
            return tensor.extent().shape().getFirst();
        }

        @Override
        public float[] vector(String name) {
            Located tensor = located.get(name);
            if (tensor == null
                    || tensor.extent().shape().size() != 1
                    || tensor.extent().columns() > MAX_FREQUENCIES) {
                throw new GgufFormatException("has no small vector \"" + name + "\"");
            }
            try (Arena arena = Arena.ofConfined()) {
                return tensor(tensor.extent(), name, tensor.shard().map(arena)).toFloats();
            } catch (IOException e) {
                throw new GgufFormatException("cannot be read again: " + e.getMessage());
            }
        }
    }

    /** The tensors by Hugging Face's names, valid as long as {@code arena}. */
    Map<String, Tensor> tensors(Arena arena) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (GgufShard shard : shards) {
            MemorySegment file = shard.map(arena);
            for (GgufShard.Extent extent : shard.tensors()) {
                Optional<String> name = family.tensor(extent.info().name());
                if (name.isPresent()) {
                    tensors.put(name.get(), tensor(extent, name.get(), file));
                }
            }
        }
        return tensors;
    }

    private Tensor tensor(GgufShard.Extent extent, String name, MemorySegment file) {
        TensorData data = extent.data(file);
        List<Integer> shape = extent.shape();
        if (family.neighbours(name)) {
            data = new HeadRows(data, shape.size() == 1 ? 1 : extent.columns(), headDim);
        }
        if (shape.size() == 1 && family.plusOne(name)) {
            float[] values = new Tensor(name, shape, data).toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] -= 1;
            }
            data = new PlainData(WeightType.F32, MemorySegment.ofArray(values));
        }
        return new Tensor(name, shape, data);
    }

    /** The file that holds the vocabulary: the only one, or the first shard. */
    public Path file() {
        return shards.getFirst().path();
    }

    /** All files, in the order of the shards. */
    @Override
    public List<Path> files() {
        return shards.stream().map(GgufShard::path).toList();
    }

    /** What the file that holds the vocabulary says of the model. */
    public GgufMetadata metadata() {
        return shards.getFirst().header().metadata();
    }

    @Override
    public String modelName() {
        return GgufShards.modelName(file());
    }

    @Override
    public boolean has(String name) {
        return files.containsKey(name);
    }

    @Override
    public byte[] read(String name) {
        if (!has(name)) {
            throw new ModelFormatException(file() + " holds no " + name);
        }
        return files.get(name).clone();
    }

    @Override
    public MemorySegment map(String name, Arena arena) {
        throw new ModelFormatException(file() + " holds no " + name);
    }

    @Override
    public String describe(String name) {
        return file().toString();
    }
}
