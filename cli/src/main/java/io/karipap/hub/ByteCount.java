package io.karipap.hub;

import java.util.Locale;

/** Sizes as people read them: powers of 1000. */
public final class ByteCount {
    private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB", "EB"};

    private ByteCount() {}

    /** Such as {@code 812 B} or {@code 4.9 GB}. */
    public static String text(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
