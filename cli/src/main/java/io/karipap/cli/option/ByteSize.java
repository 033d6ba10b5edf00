package io.karipap.cli.option;

import java.util.Locale;

/** Sizes such as 5MB: KB, MB and GB are powers of 1000. */
public final class ByteSize {
    private ByteSize() {}

    /**
     * @param option for the message
     * @throws IllegalArgumentException if the text is no size
     */
    public static long parse(String option, String text) {
        String upper = text.toUpperCase(Locale.ROOT).strip();
        long unit = upper.endsWith("GB")
                ? 1_000_000_000L
                : upper.endsWith("MB") ? 1_000_000L : upper.endsWith("KB") ? 1000L : 1L;
        try {
            return Math.round(Double.parseDouble(upper.replaceAll("[KMG]?B$", "")) * unit);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is \"" + text + "\", expected a size such as 5MB", e);
        }
    }
}
