package io.karipap.tokenizer.chat.jinja;

import io.karipap.tokenizer.chat.ChatTemplateException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Functions that chat templates expect besides Jinja's own. Public because Jinjava calls them by reflection. */
public final class TemplateFunctions {
    private TemplateFunctions() {}

    /** {@code raise_exception(message)}: the template refuses the messages. */
    public static String raise(String message) {
        throw new ChatTemplateException("the chat template refuses the messages: " + message);
    }

    /** {@code strftime_now(format)} with the usual conversions. */
    public static String now(String format) {
        LocalDateTime now = LocalDateTime.now();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            text.append(c == '%' && i + 1 < format.length() ? convert(format.charAt(++i), now) : String.valueOf(c));
        }
        return text.toString();
    }

    private static String convert(char conversion, LocalDateTime now) {
        String pattern =
                switch (conversion) {
                    case 'd' -> "dd";
                    case 'b' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'm' -> "MM";
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'p' -> "a";
                    case 'A' -> "EEEE";
                    case 'a' -> "EEE";
                    case '%' -> "'%'";
                    default ->
                        throw new ChatTemplateException("strftime_now does not know the conversion %" + conversion);
                };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
    }
}
