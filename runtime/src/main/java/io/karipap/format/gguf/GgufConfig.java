package io.karipap.format.gguf;

import io.karipap.json.Json;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the hyperparameters of a GGUF file as Hugging Face's {@code config.json}. A key that is not understood is an error. */
public final class GgufConfig {
    private static final String WINDOW = "attention.sliding_window";
    private static final String WINDOW_PATTERN = "attention.sliding_window_pattern";

    /** Keys that say nothing about the computation, or what {@link #special} reads. */
    private static final Set<String> READ_APART = Set.of(
            "vocab_size",
            "tensor_data_layout",
            "attention.value_length",
            "attention.causal",
            WINDOW_PATTERN,
            "rope.dimension_count",
            "rope.scaling.finetuned",
            "expert_count",
            "expert_used_count");

    private static final int MAX_BLOCKS = 1 << 10;
    private static final int LARGEST_GEMMA2_BLOCKS = 46;
    private static final int LARGEST_GEMMA3_BLOCKS = 62;

    private final GgufMetadata metadata;
    private final GgufFamily family;
    private final GgufTensorFacts tensors;
    private final ObjectNode config = Json.object();

    private GgufConfig(GgufMetadata metadata, GgufFamily family, GgufTensorFacts tensors) {
        this.metadata = metadata;
        this.family = family;
        this.tensors = tensors;
    }

    /**
     * The text of {@code config.json}.
     *
     * @throws GgufFormatException if a value is of the wrong type, or a key of the family is not known
     */
    public static byte[] toJson(GgufMetadata metadata, GgufFamily family, GgufTensorFacts tensors) {
        GgufConfig writer = new GgufConfig(metadata, family, tensors);
        writer.writeAll();
        return Json.prettyBytes(writer.config);
    }

    /** Whether the tensor {@code name} says how rotary frequencies are stretched, which the configuration then says. */
    public static boolean owns(String name) {
        return GgufRope.owns(name);
    }

    private void writeAll() {
        config.put("model_type", modelType());
        new LinkedHashMap<>(family.constants()).forEach((field, value) -> config.set(field, Json.tree(value)));
        String prefix = family.key("");
        for (String key : metadata.keys()) {
            if (key.startsWith(prefix)) {
                field(key, key.substring(prefix.length()));
            }
        }
        special();
        new GgufRope(metadata, family, tensors).scaling().ifPresent(scaling -> config.set("rope_scaling", scaling));
        tokens();
    }

    /** Files of Mistral say that they are of the llama family; what makes them others is the window. */
    private String modelType() {
        boolean window = metadata.keys().contains(family.key(WINDOW)) && metadata.number(family.key(WINDOW), 0) != 0;
        return window && family.modelType().equals("llama") ? "mistral" : family.modelType();
    }

    private void field(String key, String suffix) {
        String field = family.fields().get(suffix);
        if (field != null && suffix.equals(WINDOW) && metadata.number(key, 0) == 0) {
            config.putNull(field); // how the Phi family says that it has none
        } else if (field != null) {
            put(field, number(metadata, key));
        } else if (!READ_APART.contains(suffix) && !suffix.startsWith(GgufRope.PREFIX)) {
            throw new GgufFormatException("has the hyperparameter " + key + ", which is not supported");
        }
    }

    private void put(String field, Number number) {
        if (number instanceof Long whole) {
            config.put(field, whole);
        } else {
            config.put(field, number.doubleValue());
        }
    }

    /**
     * A number: a {@link Long}, or a {@link Double} that is the shortest decimal of the 32-bit float in the file, which is what the model's
     * author wrote.
     */
    static Number number(GgufMetadata metadata, String key) {
        Number number = metadata.number(key);
        if (number instanceof Long) {
            return number;
        }
        if (!Double.isFinite(number.doubleValue())) {
            throw new GgufFormatException("gives " + key + " as " + number + ", expected a finite number");
        }
        return Double.parseDouble(number.toString());
    }

    private void special() {
        config.put("vocab_size", tensors.rows("token_embd.weight"));
        config.put("tie_word_embeddings", !tensors.has("output.weight"));
        config.put("attention_bias", tensors.has("blk.0.attn_q.bias"));
        if (tensors.has("blk.0.ffn_down.bias")
                && family.tensor("blk.0.ffn_gate.bias").isPresent()) {
            config.put("mlp_bias", true);
        }
        windows();
        if (metadata.number(family.key("expert_count"), 0) != 0) {
            throw new GgufFormatException("has experts (" + family.key("expert_count") + "), which are not supported");
        }
        if (!metadata.bool(family.key("attention.causal"), true)) {
            throw new GgufFormatException(family.key("attention.causal") + " is false, which is not supported");
        }
        long headDim = headDim(metadata, family);
        long valueLength = metadata.number(family.key("attention.value_length"), headDim);
        if (valueLength != headDim) {
            throw new GgufFormatException(
                    "has values of " + valueLength + " components and keys of " + headDim + ", which is not supported");
        }
        if (family.traits()
                .normsPlusOne()) { // Gemma: of the largest models the scale is that of a head of hidden size / heads
            long blocks = metadata.number(family.key("block_count"), 0);
            long heads = metadata.number(family.key("attention.head_count"), 1);
            boolean largest = blocks == LARGEST_GEMMA2_BLOCKS || blocks == LARGEST_GEMMA3_BLOCKS;
            config.put(
                    "query_pre_attn_scalar",
                    largest ? metadata.number(family.key("embedding_length"), 0) / Math.max(1, heads) : headDim);
        }
        long rotated = metadata.number(family.key("rope.dimension_count"), headDim);
        if (rotated != headDim) {
            if (!family.traits().partialRotary() || rotated < 1 || rotated > headDim) {
                throw new GgufFormatException("gives " + family.key("rope.dimension_count") + " as " + rotated
                        + ", expected " + headDim + ", the size of a head");
            }
            config.put("partial_rotary_factor", (double) rotated / headDim);
        }
    }

    /** Which blocks look back over a window, where the file says it: every n-th one does not, or a list. */
    private void windows() {
        String key = family.key(WINDOW_PATTERN);
        if (!metadata.keys().contains(key)) {
            return;
        }
        long blocks = metadata.number(family.key("block_count"), 0);
        boolean[] listed = metadata.isList(key) ? metadata.bools(key) : new boolean[0];
        long period = metadata.isList(key) ? 0 : metadata.number(key, 0);
        if (metadata.isList(key) ? listed.length != blocks : period < 0 || blocks > MAX_BLOCKS) {
            throw new GgufFormatException("gives " + key + " for other blocks than its " + blocks);
        }
        ArrayNode types = config.putArray("layer_types");
        for (int i = 0; i < blocks; i++) {
            boolean slides = metadata.isList(key) ? listed[i] : period == 0 || i % period < period - 1;
            types.add(slides ? "sliding_attention" : "full_attention");
        }
    }

    /** Components of a head; 0 where the metadata do not say it. */
    public static long headDim(GgufMetadata metadata, GgufFamily family) {
        long heads = metadata.number(family.key("attention.head_count"), 0);
        long hidden = metadata.number(family.key("embedding_length"), 0);
        return metadata.number(family.key("attention.key_length"), heads > 0 ? hidden / heads : 0);
    }

    /** The tokens that begin and end a text; also those that end a turn or a message. */
    private void tokens() {
        Map<String, String> fields = Map.of("bos", "bos_token_id", "padding", "pad_token_id");
        fields.forEach((name, field) -> {
            long id = token(name);
            if (id >= 0) {
                config.put(field, id);
            }
        });
        Set<Long> ends = new LinkedHashSet<>();
        for (String name : List.of("eos", "eot", "eom")) {
            if (token(name) >= 0) {
                ends.add(token(name));
            }
        }
        if (!ends.isEmpty()) {
            ArrayNode list = config.putArray("eos_token_id");
            ends.forEach(list::add);
        }
    }

    /** An id, or −1. */
    private long token(String name) {
        String key = "tokenizer.ggml." + name + "_token_id";
        long id = metadata.number(key, -1);
        if (id < -1 || id > Integer.MAX_VALUE) {
            if (id == 0xffffffffL) {
                return -1; // how some writers say that there is none
            }
            throw new GgufFormatException("gives " + key + " as " + id + ", expected the id of a token");
        }
        return id;
    }
}
