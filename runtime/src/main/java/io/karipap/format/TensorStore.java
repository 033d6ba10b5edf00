package io.karipap.format;

import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The tensors of a model, in one safetensors file or in shards with an index. Mapped, not read; valid until closed. */
public final class TensorStore implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    /** A quantised tensor X lies in the file as X.codes and X.scales. */
    static final String CODES = ".codes";

    static final String SCALES = ".scales";

    private final String description;
    private final Arena arena; // null for a view of another store
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
            return new TensorStore(source.describe(SINGLE), arena, join(source.describe(SINGLE), tensors));
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    private static Map<String, Tensor> shards(ModelSource source, Arena arena) throws IOException {
        String file = source.describe(INDEX);
        JsonNode map;
        try {
            map = Json.parse(source.read(INDEX)).path("weight_map");
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

    /** Puts codes and scales together. */
    private static Map<String, Tensor> join(String file, Map<String, Tensor> stored) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Tensor tensor : stored.values()) {
            String name = tensor.name();
            if (tensor.type().quantized()) {
                name = name.substring(0, name.length() - CODES.length());
                Tensor scales = stored.get(name + SCALES);
                List<Integer> shape = new ArrayList<>(tensor.shape());
                if (!shape.isEmpty()) {
                    shape.set(shape.size() - 1, WeightType.groups(shape.getLast()));
                }
                if (scales == null
                        || scales.type() != WeightType.F16
                        || shape.isEmpty()
                        || !scales.shape().equals(shape)) {
                    throw new ModelFormatException(file + " has codes for \"" + name + "\" but no \"" + name + SCALES
                            + "\" of type F16 and shape " + shape);
                }
                tensors.put(name, new Tensor(name, tensor.type(), tensor.shape(), tensor.data(), scales.data()));
            } else if (!name.endsWith(SCALES)
                    || !stored.containsKey(name.substring(0, name.length() - SCALES.length()) + CODES)) {
                tensors.put(name, tensor);
            }
        }
        return tensors;
    }

    /**
     * This store with other tensors in the place of those of the same name, or new ones; valid as long as this one, and not to be closed.
     */
    public TensorStore with(Collection<Tensor> added) {
        Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
        added.forEach(tensor -> changed.put(tensor.name(), tensor));
        return new TensorStore(description, null, changed);
    }

    /**
     * This store with its tensors put in another form. Takes the place of this one, which need not be closed.
     *
     * @param arrange makes of the tensors of the files by name those of the store
     */
    public TensorStore arranged(UnaryOperator<Map<String, Tensor>> arrange) {
        return new TensorStore(description, arena, arrange.apply(tensors));
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
        if (tensor.type() == WeightType.Q4 && !shape.isEmpty() && (shape.getLast() & 1) == 1) {
            List<Integer> padded = new ArrayList<>(shape);
            padded.set(shape.size() - 1, shape.getLast() + 1);
            if (tensor.shape().equals(padded)) { // an odd number of columns fills its last byte by half
                return new Tensor(name, tensor.type(), shape, tensor.data(), tensor.scales());
            }
        }
        if (!tensor.shape().equals(shape)) {
            throw new ModelFormatException(
                    description + " gives tensor \"" + name + "\" the shape " + tensor.shape() + ", expected " + shape);
        }
        return tensor;
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
