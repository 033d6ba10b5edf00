package io.karipap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.karipap.environment.BundledText;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A model of our own from texts alone, and healed, by the command line. */
@ResourceLock(Resources.SYSTEM_OUT)
class TrainCommandTest {
    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 32, "intermediate_size": 64,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "vocab_size": 1,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
            """;

    @TempDir
    private Path directory;

    private int run(String command, String... more) throws IOException {
        Path text = Files.writeString(directory.resolve("text.txt"), BundledText.calibration());
        Path held = Files.writeString(directory.resolve("held.txt"), BundledText.evaluation());
        String[] common = {
            "--text",
            text.toString(),
            "--validation",
            held.toString(),
            "--sequence",
            "32",
            "--batch",
            "4",
            "--validate-every",
            "10",
            "--validation-tokens",
            "256",
            "--rate",
            "3e-3",
            "--tokens",
            "2560"
        };
        String[] all = Arrays.copyOf(more, more.length + common.length + 1);
        System.arraycopy(more, 0, all, 1, more.length);
        all[0] = command;
        System.arraycopy(common, 0, all, more.length + 1, common.length);
        return Karipap.execute(all);
    }

    @Test
    void trainsATokenizerAndAModelThenHealsItsCompressedForm() throws Exception {
        Path config = Files.createDirectory(directory.resolve("config"));
        Files.writeString(config.resolve("config.json"), CONFIG);
        Path model = directory.resolve("model");
        assertThat(run("train", model.toString(), "--config", config.toString(), "--vocabulary", "500"))
                .isZero();

        Tokenizer ours = Tokenizer.load(model);
        assertThat(ours.vocabularySize()).isEqualTo(500);
        try (HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(
                model.resolve("tokenizer.json"), Map.of("addSpecialTokens", "false", "truncation", "false"))) {
            String text = BundledText.evaluation().substring(0, 5000) + "<|endoftext|> Grüße, 東京 123\n\n\tx  y";
            assertThat(Arrays.stream(theirs.encode(text).getIds())
                            .mapToInt(id -> (int) id)
                            .toArray())
                    .isEqualTo(ours.encode(text, EncodeOptions.PARSED));
            assertThat(ours.decode(ours.encode(text, EncodeOptions.PARSED), false))
                    .isEqualTo(text);
        }

        Path compressed = directory.resolve("compressed");
        assertThat(Karipap.execute(
                        "compress",
                        model.toString(),
                        compressed.toString(),
                        "--params",
                        "0.6",
                        "--calibration-tokens",
                        "2000",
                        "--no-sensitivities",
                        "--work",
                        directory.resolve("work").toString()))
                .isZero();
        Path healed = directory.resolve("healed");
        assertThat(run(
                        "heal",
                        compressed.toString(),
                        healed.toString(),
                        "--teacher",
                        model.toString(),
                        "--bytes",
                        "18KB"))
                .isZero();
        assertThat(Files.size(healed.resolve("model.safetensors"))).isLessThan(20_000);
        assertThat(Karipap.execute("generate", "--model", healed.toString(), "--prompt", "Once", "--max-tokens", "5"))
                .isZero();
    }
}
