package io.karipap.tokenizer.jinja;

import java.util.Locale;

/** Numbers in texts, as Python's {@code int()} and {@code float()} read them. */
final class Numbers {
    private Numbers() {}

    /** @throws NumberFormatException if the text is not a number */
    static double real(String text) {
        String trimmed = text.strip().replaceAll("(?<=\\d)_(?=\\d)", "");
        if (trimmed.matches("[+-]?(inf|infinity|nan)")) {
            return trimmed.endsWith("nan")
                    ? Double.NaN
                    : trimmed.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!trimmed.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            throw new NumberFormatException(text);
        }
        return Double.parseDouble(trimmed);
    }

    /**
     * An int, or the whole part of a float in base 10.
     *
     * @throws NumberFormatException if the text is neither
     */
    static long integer(String text, int base) {
        String trimmed = text.strip().replaceAll("(?<=\\w)_(?=\\w)", "");
        String digits = trimmed;
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        if (!prefix.isEmpty() && trimmed.toLowerCase(Locale.ROOT).startsWith(prefix)) {
            digits = trimmed.substring(2);
        }
        try {
            return Long.parseLong(digits, base);
        } catch (NumberFormatException e) {
            double real = real(trimmed);
            if (Double.isNaN(real) || Math.abs(real) >= 9e18) {
                throw e;
            }
            return (long) real;
        }
    }
}
