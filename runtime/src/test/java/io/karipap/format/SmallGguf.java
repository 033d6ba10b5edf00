package io.karipap.format;

import io.karipap.format.block.BlockType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A whole GGUF model of two blocks: hidden size 64, two heads of 32 and one of keys, 256 in the MLP, every byte a token. */
final class SmallGguf {
    static final int HIDDEN = 64;
    static final int MLP = 256;
    static final int VOCABULARY = 260;

    private SmallGguf() {}

    static GgufBuilder metadata(String architecture) {
        GgufBuilder builder = new GgufBuilder()
                .put("general.architecture", architecture)
                .put(architecture + ".context_length", 128)
                .put(architecture + ".embedding_length", HIDDEN)
                .put(architecture + ".block_count", 2)
                .put(architecture + ".feed_forward_length", MLP)
                .put(architecture + ".attention.head_count", 2)
                .put(architecture + ".attention.head_count_kv", 1)
                .put(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
                .put(architecture + ".rope.freq_base", 10_000f)
                .put(architecture + ".rope.dimension_count", 32);
        return vocabulary(builder);
    }

    private static GgufBuilder vocabulary(GgufBuilder builder) {
        List<String> tokens = new ArrayList<>(List.of("<|begin|>", "<|end|>", "<|turn|>"));
        List<Integer> types = new ArrayList<>(List.of(3, 3, 3));
        for (int b = 0; b < 256; b++) { // GPT-2's alphabet of bytes: the printable ones stand for themselves
            boolean printable = b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
            tokens.add(String.valueOf((char) (printable ? b : 256 + tokens.size())));
            types.add(1);
        }
        renumber(tokens);
        tokens.add("th");
        types.add(1);
        return builder.put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", "smollm")
                .put("tokenizer.ggml.tokens", tokens)
                .put("tokenizer.ggml.token_type", types)
                .put("tokenizer.ggml.merges", List.of("t h"))
                .put("tokenizer.ggml.bos_token_id", 0)
                .put("tokenizer.ggml.eos_token_id", 1)
                .put("tokenizer.ggml.eot_token_id", 2)
                .put("tokenizer.ggml.add_bos_token", false)
                .put("tokenizer.chat_template", "{{ messages[0].content }}");
    }

    /** The bytes that are not printable are 256, 257 and so on, in order. */
    private static void renumber(List<String> tokens) {
        char next = 256;
        for (int i = 3; i < tokens.size(); i++) {
            if (tokens.get(i).charAt(0) >= 256) {
                tokens.set(i, String.valueOf(next++));
            }
        }
    }

    /** A llama model with tensors of many types. */
    static byte[] llama() {
        SplittableRandom random = new SplittableRandom(8);
        GgufBuilder builder = metadata("llama");
        blocks(builder, "token_embd.weight", BlockType.Q8_0, random, VOCABULARY, HIDDEN);
        builder.floats("output_norm.weight", 1, HIDDEN);
        for (int layer = 0; layer < 2; layer++) {
            String block = "blk." + layer + ".";
            builder.floats(block + "attn_norm.weight", 1, HIDDEN).floats(block + "ffn_norm.weight", 1, HIDDEN);
            blocks(builder, block + "attn_q.weight", BlockType.Q4_0, random, HIDDEN, HIDDEN);
            blocks(builder, block + "attn_k.weight", BlockType.Q8_0, random, 32, HIDDEN);
            blocks(builder, block + "attn_v.weight", BlockType.Q5_1, random, 32, HIDDEN);
            blocks(builder, block + "attn_output.weight", BlockType.IQ4_NL, random, HIDDEN, HIDDEN);
            blocks(builder, block + "ffn_gate.weight", BlockType.Q4_1, random, MLP, HIDDEN);
            blocks(builder, block + "ffn_up.weight", BlockType.MXFP4, random, MLP, HIDDEN);
            blocks(
                    builder,
                    block + "ffn_down.weight",
                    layer == 0 ? BlockType.Q6_K : BlockType.IQ2_S,
                    random,
                    HIDDEN,
                    MLP);
        }
        return builder.build();
    }

    /** Random blocks with scales of common size. */
    static byte[] randomBlocks(BlockType type, int count, SplittableRandom random) {
        byte[] bytes = new byte[count * type.bytes()];
        random.nextBytes(bytes);
        for (int b = 0; b < count; b++) {
            for (int at = 0;
                    at < type.bytes();
                    at++) { // an upper byte of a binary16 number of about 0.01, wherever one may stand
                if (type == BlockType.Q6_K ? at == 209 : type == BlockType.MXFP4 ? at == 0 : at == 1 || at == 3) {
                    bytes[b * type.bytes() + at] = (byte) (type == BlockType.MXFP4 ? 120 : 0x21);
                }
            }
        }
        return bytes;
    }

    static void blocks(
            GgufBuilder builder, String name, BlockType type, SplittableRandom random, int rows, int columns) {
        builder.tensor(name, type.number(), randomBlocks(type, rows * columns / type.columns(), random), rows, columns);
    }
}
