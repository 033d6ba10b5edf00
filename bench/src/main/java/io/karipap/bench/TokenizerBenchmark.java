package io.karipap.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Encoding of texts, by our tokenizer and by Hugging Face's own (Rust, by JNI); one thread. A text file holds one text a line or one in all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx2g"})
public class TokenizerBenchmark {
    @Param({"karipap", "huggingface"})
    private String library;

    @Param("")
    private String tokenizer;

    @Param("")
    private String text;

    @Param("false")
    private boolean lineByLine;

    private List<String> texts;
    private ToIntFunction<String> encode;

    @Setup(Level.Trial)
    public void setUp() throws IOException {
        String all = Files.readString(Path.of(text));
        texts = lineByLine ? all.lines().toList() : List.of(all);
        if (library.equals("karipap")) {
            Tokenizer ours = Tokenizer.load(Path.of(tokenizer));
            encode = string -> ours.encode(string, EncodeOptions.PARSED).length;
        } else {
            HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(
                    Path.of(tokenizer), Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
            encode = string -> theirs.encode(string, false, false).getIds().length;
        }
    }

    /** Encodes all texts. */
    @Benchmark
    public int encode() {
        int tokens = 0;
        for (String each : texts) {
            tokens += encode.applyAsInt(each);
        }
        return tokens;
    }
}
