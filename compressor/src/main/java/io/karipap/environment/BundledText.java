package io.karipap.environment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts of our own, written by the bundled model itself at several temperatures. */
public final class BundledText {
    private BundledText() {}

    /** Text to calibrate on. */
    public static String calibration() {
        return read("calibration.txt");
    }

    /** Text to measure on. */
    public static String evaluation() {
        return read("evaluation.txt");
    }

    private static String read(String name) {
        try (InputStream in = BundledText.class.getResourceAsStream("/io/karipap/text/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the bundled text " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
