package io.karipap.grammar;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Formats of strings as regular expressions; none allows what the format forbids, some leave out rare spellings. */
final class SchemaFormats {
    private static final String DATE =
            "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)"
                    + "|02-(0[1-9]|1\\d|2[0-8]))|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
    private static final String TIME =
            "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+\\-]([01]\\d|2[0-3]):[0-5]\\d)";
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String IPV4 = OCTET + "(\\." + OCTET + "){3}";
    private static final String LABEL = "[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,20}[a-zA-Z0-9])?";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,5}";
    private static final String PATH = "([a-zA-Z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
    private static final String TAIL = "(/" + PATH + "*)*(\\?(" + PATH + "|[/?])*)?(#(" + PATH + "|[/?])*)?";
    private static final String URI = "[a-z][a-z0-9+.\\-]{0,15}://" + HOST + "(:[1-9]\\d{0,3})?" + TAIL;
    private static final String HEX = "[0-9A-Fa-f]{1,4}";
    private static final String POINTER = "(/([^~/]|~[01])*)*";
    private static final String DURATION_TIME = "T(\\d{1,6}H(\\d{1,6}M(\\d{1,6}S)?)?|\\d{1,6}M(\\d{1,6}S)?|\\d{1,6}S)";

    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("date-time", DATE + "T" + TIME),
            Map.entry("date", DATE),
            Map.entry("time", TIME),
            Map.entry(
                    "duration",
                    "P(\\d{1,6}W|(\\d{1,6}Y(\\d{1,6}M(\\d{1,6}D)?)?|\\d{1,6}M(\\d{1,6}D)?|\\d{1,6}D)(" + DURATION_TIME
                            + ")?|" + DURATION_TIME + ")"),
            Map.entry(
                    "email",
                    "[a-zA-Z0-9_+\\-]{1,30}(\\.[a-zA-Z0-9_+\\-]{1,16}){0,2}@" + LABEL + "(\\." + LABEL
                            + "){0,3}\\.(com|org|net|edu|gov"
                            + "|info|io|de|uk|fr|eu|us|jp|cn|in|br|it|es|nl|ch|pl|au|ca)"),
            Map.entry("hostname", HOST),
            Map.entry("ipv4", IPV4),
            Map.entry("ipv6", ipv6()),
            Map.entry("uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
            Map.entry("uri", URI),
            Map.entry("uri-reference", "(" + URI + "|" + TAIL + ")"),
            Map.entry("json-pointer", POINTER),
            Map.entry("relative-json-pointer", "(0|[1-9]\\d{0,8})(#|" + POINTER + ")"));

    private static final Set<String> OF_NUMBERS =
            Set.of("int32", "int64", "uint32", "uint64", "int", "integer", "float", "double", "number");

    private SchemaFormats() {}

    static boolean known(String format) {
        return PATTERNS.containsKey(format);
    }

    /** Whether the format speaks of how numbers are stored, which changes nothing in their text. */
    static boolean ofNumbers(String format) {
        return OF_NUMBERS.contains(format);
    }

    static Set<String> names() {
        return new TreeSet<>(PATTERNS.keySet());
    }

    /** What may stand between the quotes. */
    static Dfa contents(String format) {
        return Regex.wholeContents(PATTERNS.get(format));
    }

    /** Eight groups, or fewer with two colons in place of at least one. */
    private static String ipv6() {
        StringBuilder forms = new StringBuilder("((" + HEX + ":){7}" + HEX);
        for (int before = 0; before <= 7; before++) {
            int after = 7 - before;
            forms.append("|");
            if (before > 0) {
                forms.append(HEX)
                        .append("(:")
                        .append(HEX)
                        .append("){")
                        .append(before - 1)
                        .append('}');
            }
            forms.append("::");
            if (after > 0) {
                forms.append("(")
                        .append(HEX)
                        .append("(:")
                        .append(HEX)
                        .append("){0,")
                        .append(after - 1)
                        .append("})?");
            }
        }
        return forms.append(")").toString();
    }
}
