package io.karipap.tokenizer.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code strftime} with its usual conversions, in English. */
final class TimeFormat {
    private TimeFormat() {}

    /** @throws TemplateException if a conversion is not known */
    static String format(String format, LocalDateTime time) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char conversion = format.charAt(++i);
            boolean unpadded = conversion == '-' && i + 1 < format.length();
            if (unpadded) {
                conversion = format.charAt(++i);
            }
            String converted = convert(conversion, time);
            text.append(unpadded ? converted.replaceFirst("^[0 ](?=.)", "") : converted);
        }
        return text.toString();
    }

    private static String convert(char conversion, LocalDateTime time) {
        String pattern =
                switch (conversion) {
                    case 'd' -> "dd";
                    case 'e' -> "ppd";
                    case 'j' -> "DDD";
                    case 'b', 'h' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'm' -> "MM";
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'f' -> "SSSSSS";
                    case 'p' -> "a";
                    case 'A' -> "EEEE";
                    case 'a' -> "EEE";
                    case 'F' -> "yyyy-MM-dd";
                    case 'D', 'x' -> "MM/dd/yy";
                    case 'T', 'X' -> "HH:mm:ss";
                    case 'R' -> "HH:mm";
                    case 'c' -> "EEE MMM ppd HH:mm:ss yyyy";
                    case '%' -> "'%'";
                    case 'n' -> "\n";
                    case 't' -> "\t";
                    case 'Z', 'z' -> "";
                    default -> throw new TemplateException("strftime does not know the conversion %" + conversion);
                };
        return pattern.isBlank()
                ? pattern
                : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
