package io.karipap.format.packed;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What packed weights were made of and by whom: the names, sizes and times of the model's files with samples of their bytes, the type
 * asked for, the layout, the processor's architecture, and the build of this program. Reading all of a model would take longer than its
 * start.
 */
final class PackedKey {
    private static final int SAMPLES = 64;
    private static final int SAMPLE_BYTES = 4096;

    private PackedKey() {}

    /** SHA-256 in hexadecimal. */
    static String of(List<Path> files, WeightType type) throws IOException {
        StringBuilder text = new StringBuilder()
                .append("layout ")
                .append(PackedMatrix.LAYOUT_VERSION)
                .append(", processor ")
                .append(System.getProperty("os.arch"))
                .append(", weights ")
                .append(type)
                .append(", made by ")
                .append(program());
        for (Path file : files) {
            text.append('\n')
                    .append(file.getFileName())
                    .append(' ')
                    .append(Files.size(file))
                    .append(' ')
                    .append(Files.getLastModifiedTime(file))
                    .append(' ')
                    .append(samples(file));
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** CRC-32C of pages all over a file, the first and the last one among them. */
    private static String samples(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long last = Math.max(0, channel.size() - SAMPLE_BYTES);
            ByteBuffer page = ByteBuffer.allocateDirect(SAMPLE_BYTES);
            for (int i = 0; i < SAMPLES; i++) {
                channel.read(page.clear(), last * i / (SAMPLES - 1));
                crc.update(page.flip());
            }
        }
        return Long.toHexString(crc.getValue());
    }

    /** Size and time of the archive that this program runs from; of unpacked classes nothing is known. */
    private static String program() throws IOException {
        CodeSource source = PackedKey.class.getProtectionDomain().getCodeSource();
        try {
            if (source != null && source.getLocation().getProtocol().equals("file")) {
                Path archive = Path.of(source.getLocation().toURI());
                if (Files.isRegularFile(archive)) {
                    return Files.size(archive) + " " + Files.getLastModifiedTime(archive);
                }
            }
        } catch (URISyntaxException e) {
            return "classes";
        }
        return "classes";
    }
}
