package io.karipap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.packed.PackedCache;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed weights that are kept give the bits of those that are packed, and are never used when something is wrong with them. */
class PackedCacheTest {
    private static final String REPACKED = "the weights are packed again";

    @TempDir
    private Path directory;

    private Path model;
    private Path folder;
    private final List<String> notices = new ArrayList<>();
    private final List<String> stages = new ArrayList<>();

    private final Progress progress = new Progress() {
        @Override
        public void report(String stage, long done, long total) {
            assertThat(done).isBetween(0L, total);
            stages.add(stage);
        }

        @Override
        public void notice(String sentence) {
            notices.add(sentence);
        }
    };

    @BeforeEach
    void write() throws IOException {
        model = Files.write(directory.resolve("small.gguf"), SmallGguf.llama());
        folder = directory.resolve("packed");
    }

    private float[] load(Path path, WeightType type, Path cache) throws IOException {
        notices.clear();
        stages.clear();
        try (Transformer transformer = ModelLoader.load(
                ModelSource.of(path),
                KernelChoice.of(new VectorKernels()),
                2,
                type,
                progress,
                Optional.of(new PackedCache(cache, 1)))) {
            return logits(transformer);
        }
    }

    private static float[] packed(Path path, WeightType type) throws IOException {
        try (Transformer transformer =
                ModelLoader.load(ModelSource.of(path), KernelChoice.of(new VectorKernels()), 2, type, Progress.NONE)) {
            return logits(transformer);
        }
    }

    private static float[] logits(Transformer model) {
        try (KvCache cache = new KvCache(new KvPool(model.config(), KvOptions.of(64)))) {
            Batch batch = new Batch();
            for (int i = 0; i < 8; i++) {
                batch.add(100 + i, i, cache, i == 7);
            }
            float[] logits = model.forward(batch).data();
            return Arrays.copyOf(logits, model.config().vocabularySize());
        }
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private void isPackedAgain(float[] expected, String why) throws IOException {
        assertThat(load(model, null, folder)).isEqualTo(expected);
        assertThat(notices).singleElement().asString().contains(folder.toString(), why, REPACKED);
        assertThat(stages).contains("keep packed weights");
        assertThat(load(model, null, folder)).isEqualTo(expected);
        assertThat(notices).isEmpty();
        assertThat(stages).doesNotContain("keep packed weights");
    }

    @Test
    void theSecondStartHasTheSameBits() throws IOException {
        float[] expected = packed(model, null);
        assertThat(load(model, null, folder)).isEqualTo(expected);
        byte[] kept = Files.readAllBytes(file());
        assertThat(stages).contains("keep packed weights");
        assertThat(load(model, null, folder)).isEqualTo(expected);
        assertThat(stages).doesNotContain("keep packed weights");
        assertThat(notices).isEmpty();
        assertThat(file()).hasBinaryContent(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../compressor/models/tales", "src/main/resources/io/karipap/models/tales-small"})
    void directoriesDenseAndCompressedAreKeptByType(String path) throws IOException {
        for (WeightType type : new WeightType[] {null, WeightType.BF16, WeightType.Q8, WeightType.Q4}) {
            float[] expected = packed(Path.of(path), type);
            assertThat(load(Path.of(path), type, folder)).isEqualTo(expected);
            assertThat(load(Path.of(path), type, folder)).isEqualTo(expected);
            assertThat(stages).doesNotContain("keep packed weights");
            assertThat(notices).isEmpty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void damageAnywhereIsNoticed() throws IOException {
        float[] expected = load(model, null, folder);
        byte[] sound = Files.readAllBytes(file());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 60; i++) {
            byte[] damaged = sound.clone();
            int at = i < 40
                    ? i
                    : i < 50 ? sound.length - 1 - random.nextInt(600) : 64 + random.nextInt(sound.length / 2);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file(), damaged);
            assertThat(load(model, null, folder)).isEqualTo(expected);
            assertThat(notices).singleElement().asString().contains(REPACKED);
            assertThat(file()).hasBinaryContent(sound);
        }
    }

    @Test
    void filesCutOffAreNoticed() throws IOException {
        float[] expected = load(model, null, folder);
        byte[] sound = Files.readAllBytes(file());
        for (int length : new int[] {0, 1, 63, 64, 65, sound.length / 2, sound.length - 1}) {
            Files.write(file(), Arrays.copyOf(sound, length));
            isPackedAgain(expected, length < 64 ? "is no file of packed weights" : "(cut off?)");
        }
        Files.write(file(), Arrays.copyOf(sound, sound.length + 1));
        isPackedAgain(expected, "(cut off?)");
        Files.writeString(file(), "something else, and long enough to have a header of sixty-four bytes in it");
        isPackedAgain(expected, "is no file of packed weights");
    }

    @Test
    void aModelThatChangedIsPackedAgain() throws IOException {
        float[] before = load(model, null, folder);
        Files.setLastModifiedTime(model, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        isPackedAgain(before, "another version of the model");
        FileTime time = Files.getLastModifiedTime(model);
        byte[] other = Files.readAllBytes(model);
        for (int i = other.length / 2; i < other.length; i += 37) {
            other[i] ^= 1; // some bits of the weights
        }
        Files.write(model, other);
        Files.setLastModifiedTime(model, time);
        float[] expected = packed(model, null);
        assertThat(expected).isNotEqualTo(before);
        isPackedAgain(expected, "another version of the model");
    }

    @Test
    void weightsOfAnotherModelAreNotUsed() throws IOException {
        load(Path.of("../compressor/models/tales"), null, folder);
        Path foreign = Files.move(file(), directory.resolve("foreign"));
        float[] expected = load(model, null, folder);
        Files.copy(foreign, file(), StandardCopyOption.REPLACE_EXISTING);
        isPackedAgain(expected, "another version of the model");
    }

    @Test
    void whatCannotBeKeptIsSaidAndTheModelWorks() throws IOException {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file, and no folder");
        assertThat(load(model, null, occupied)).isEqualTo(packed(model, null));
        assertThat(notices).singleElement().asString().contains("the packed weights are not kept", "occupied");
        assertThat(load(model, null, occupied.resolve("below"))).isEqualTo(packed(model, null));
        assertThat(notices).last().asString().contains("the packed weights are not kept");
        assertThat(occupied).hasContent("a file, and no folder");
    }

    @Test
    void littleWeightsAndModelsOfTheClassPathAreNotKept() throws IOException {
        try (LanguageModel small = LanguageModel.load(
                        model, LoadOptions.builder().packedFolder(folder).build());
                LanguageModel bundled = LanguageModel.bundled(
                        LoadOptions.builder().packedFolder(folder).build())) {
            assertThat(folder).doesNotExist();
            assertThat(bundled.name()).isNotEqualTo(small.name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SmolLM2-135M-Instruct.Q4_1.gguf", "gemma-3-270m.Q4_K_M.gguf"})
    void realModelsSayTheSame(String name) throws IOException {
        Path real = TestData.require("models/real/" + name);
        LoadOptions keeping = LoadOptions.builder().packedFolder(folder).build();
        List<String> texts = new ArrayList<>();
        for (LoadOptions options : List.of(LoadOptions.DEFAULT, keeping, keeping)) {
            try (LanguageModel loaded = LanguageModel.load(real, options)) {
                texts.add(loaded.generate("Once upon a time", GenerationOptions.greedy(12), piece -> {})
                        .text());
            }
        }
        assertThat(texts).containsOnly(texts.getFirst());
        float[] expected = packed(real, null);
        assertThat(load(real, null, folder)).isEqualTo(expected);
        assertThat(stages).doesNotContain("keep packed weights");
        assertThat(notices).isEmpty();
    }
}
