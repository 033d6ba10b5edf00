package io.karipap.format;

import io.karipap.tokenizer.gguf.GgufShards;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A place that holds the files of one model. */
public sealed interface ModelSource permits ModelSource.Directory, ModelSource.ClassPath, GgufSource {
    /** Metadata files larger than this are refused: the largest tokenizers in use have about 35 MB. */
    long MAX_METADATA_BYTES = 256L << 20;

    /**
     * The model at {@code path}: a directory, or a GGUF file (any of its shards).
     *
     * @throws ModelFormatException if there is neither, or the GGUF file is malformed
     */
    static ModelSource of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new Directory(path);
        }
        if (Files.isRegularFile(path) && GgufShards.named(path)) {
            return GgufSource.open(path);
        }
        throw new ModelFormatException(path + ": " + (Files.exists(path) ? "not a model" : "no such file or directory")
                + "; expected a Hugging Face or Karipap directory, or a .gguf file");
    }

    /** Name of the model: that of its directory, or of its file without {@code .gguf}. */
    default String modelName() {
        return describe("");
    }

    /**
     * The files that weights and shape of the model come from; none on the class path.
     *
     * @throws UncheckedIOException if the directory cannot be read
     */
    List<Path> files();

    /** Whether there is a file of that name. */
    boolean has(String name);

    /**
     * The bytes of a metadata file.
     *
     * @throws ModelFormatException if there is no such file or it is larger than {@link #MAX_METADATA_BYTES}
     */
    byte[] read(String name) throws IOException;

    /** The bytes of a weight file, mapped where possible, alive as long as {@code arena}. */
    MemorySegment map(String name, Arena arena) throws IOException;

    /** Where {@code name} is, for messages. */
    String describe(String name);

    /** Files in a directory. */
    record Directory(Path path) implements ModelSource {
        @Override
        public String modelName() {
            return path.toAbsolutePath().normalize().getFileName().toString();
        }

        @Override
        public List<Path> files() {
            try (Stream<Path> files = Files.list(path)) {
                return files.filter(file -> {
                            String name = file.getFileName().toString();
                            return name.endsWith(".safetensors")
                                    || name.endsWith(".safetensors.index.json")
                                    || name.equals("config.json")
                                    || name.equals("network.json");
                        })
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean has(String name) {
            return Files.isRegularFile(path.resolve(name));
        }

        @Override
        public byte[] read(String name) throws IOException {
            Path file = path.resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new ModelFormatException(describe(name) + ": no such file");
            }
            if (Files.size(file) > MAX_METADATA_BYTES) {
                throw new ModelFormatException(
                        describe(name) + " has " + Files.size(file) + " bytes, more than " + MAX_METADATA_BYTES);
            }
            return Files.readAllBytes(file);
        }

        @Override
        public MemorySegment map(String name, Arena arena) throws IOException {
            try (FileChannel channel = FileChannel.open(path.resolve(name), StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            } catch (NoSuchFileException e) {
                throw new ModelFormatException(describe(name) + ": no such file", e);
            }
        }

        @Override
        public String describe(String name) {
            return path.resolve(name).toString();
        }
    }

    /**
     * Resources on the class path.
     *
     * @param owner class whose loader finds them
     * @param base absolute resource name of the folder, such as {@code /io/karipap/models/small}
     */
    record ClassPath(Class<?> owner, String base) implements ModelSource {
        @Override
        public List<Path> files() {
            return List.of();
        }

        @Override
        public boolean has(String name) {
            return owner.getResource(base + "/" + name) != null;
        }

        @Override
        public byte[] read(String name) throws IOException {
            try (InputStream in = open(name)) {
                return in.readAllBytes();
            }
        }

        @Override
        public MemorySegment map(String name, Arena arena) throws IOException {
            long size = owner.getResource(base + "/" + name) == null
                    ? -1
                    : owner.getResource(base + "/" + name).openConnection().getContentLengthLong();
            if (size < 0) {
                throw new ModelFormatException(describe(name) + ": no such resource");
            }
            MemorySegment memory = arena.allocate(size, 64);
            try (InputStream in = open(name);
                    ReadableByteChannel channel = Channels.newChannel(in)) {
                for (long at = 0; at < size; ) {
                    int read = channel.read(
                            memory.asSlice(at, Math.min(size - at, 1 << 20)).asByteBuffer());
                    if (read < 0) {
                        throw new ModelFormatException(describe(name) + " ends after " + at + " of " + size + " bytes");
                    }
                    at += read;
                }
            }
            return memory.asReadOnly();
        }

        @Override
        public String describe(String name) {
            return "class path:" + base + "/" + name;
        }

        private InputStream open(String name) {
            InputStream in = owner.getResourceAsStream(base + "/" + name);
            if (in == null) {
                throw new ModelFormatException(describe(name) + ": no such resource");
            }
            return in;
        }
    }
}
