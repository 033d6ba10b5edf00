package io.karipap.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text to evaluate on. */
public final class TextFile {
    private TextFile() {}

    /** The text of a UTF-8 file, without byte order mark and with Unix line ends: how models see text in training. */
    public static String read(Path file) throws IOException {
        String text = Files.readString(file);
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n");
    }
}
