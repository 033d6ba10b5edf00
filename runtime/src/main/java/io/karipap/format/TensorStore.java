package io.karipap.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tensors of a model, in one safetensors file or in shards with an index. Mapped, not read; valid until closed. */
public final class TensorStore implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String description;
    private final Arena arena;
    private final Map<String, Tensor> tensors;

    private TensorStore(String description, Arena arena, Map<String, Tensor> tensors) {
        this.description = description;
        this.arena = arena;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps the weights of a model.
     *
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is missing or malformed
     */
    public static TensorStore open(ModelSource source) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            Map<String, Tensor> tensors = source.has(INDEX) && !source.has(SINGLE)
                    ? shards(source, arena)
                    : SafetensorsHeader.read(source.describe(SINGLE), source.map(SINGLE, arena));
            return new TensorStore(source.describe(SINGLE), arena, tensors);
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    private static Map<String, Tensor> shards(ModelSource source, Arena arena) throws IOException {
        String file = source.describe(INDEX);
        JsonNode map;
        try {
            map = MAPPER.readTree(source.read(INDEX)).path("weight_map");
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new ModelFormatException(file + " has no weight_map");
        }
        Map<String, Map<String, Tensor>> shards = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().asString("");
            if (!shard.matches("[\\w.-]+\\.safetensors")) {
                throw new ModelFormatException(file + " names the shard \"" + shard + "\", expected a file beside it");
            }
            if (!shards.containsKey(shard)) {
                shards.put(shard, SafetensorsHeader.read(source.describe(shard), source.map(shard, arena)));
            }
            Tensor tensor = shards.get(shard).get(entry.getKey());
            if (tensor == null) {
                throw new ModelFormatException(
                        file + " says that " + shard + " holds \"" + entry.getKey() + "\", but it does not");
            }
            tensors.put(entry.getKey(), tensor);
        }
        return tensors;
    }

    /** The tensors by name, in file order. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * The tensor {@code name}, which must have the given shape.
     *
     * @throws ModelFormatException if it is missing or has another shape
     */
    public Tensor require(String name, List<Integer> shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelFormatException(description + " has no tensor \"" + name + "\"");
        }
        if (!tensor.shape().equals(shape)) {
            throw new ModelFormatException(
                    description + " gives tensor \"" + name + "\" the shape " + tensor.shape() + ", expected " + shape);
        }
        return tensor;
    }

    @Override
    public void close() {
        arena.close();
    }
}
