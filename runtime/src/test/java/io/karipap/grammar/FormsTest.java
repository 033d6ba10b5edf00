package io.karipap.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular expressions, GBNF, tokens and free text. */
class FormsTest {
    private static final List<String> TEXTS = List.of(
            "", "a", "b", "ab", "abc", "aab", "a b", "a\nb", "é", "éé", "漢", "😀", "A1_", "12", "-", "a-b", "[", "]",
            "\\", "\"", "\t", "aaaa", "abab", "x@y.z", ".", "1.5", "foo", "bar", "foobar", "ǅ", "_", "{", "a{2}", "$",
            "^");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a|b",
                "(a|b)*",
                "a+b?",
                "(?:ab){2}",
                "[a-c]+",
                "[^a-c]",
                ".",
                ".*",
                "\\w+",
                "\\W",
                "\\d+",
                "\\D\\D?",
                "\\s",
                "\\S+",
                "[\\w.]+@[a-z]+\\.z",
                "\\u00e9{1,2}",
                "\\x61",
                "[\\]\\[]",
                "\\\\",
                "(?<n>a)b",
                "a{2}",
                "a{2,}",
                "a{1,3}b{0,1}",
                "foo|bar",
                "(foo)(bar)?",
                "\\p{L}+",
                "\\P{L}",
                "[^\\n]+",
                "a*?b",
                "\\.",
                "\\{",
                "\\$|\\^",
                "[-a]",
                "[a-]",
                "\\t|\\n"
            })
    void regularExpressionsMatchAsThoseOfJavaDo(String pattern) {
        Pattern other = Pattern.compile(pattern.replace("(?<n>", "(?<name>"));
        Grammar grammar = Grammar.regex(pattern);
        for (String text : TEXTS) {
            assertThat(Matching.matches(grammar, text))
                    .as("%s of %s", text, pattern)
                    .isEqualTo(other.matcher(text).matches());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"^a", "a$", "a|^b", "^(a|b)$", "^a|b$", "(^a)|(b$)", "b", "[0-9]", "^$", "^[^a]+$", "o{2}"})
    void patternsOfSchemasMatchSomewhere(String pattern) {
        Grammar grammar = Grammar.json("{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}");
        Pattern other = Pattern.compile(pattern);
        for (String text : TEXTS) {
            String json = text.replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replace("\n", "\\n")
                    .replace("\t", "\\t");
            assertThat(Matching.matches(grammar, '"' + json + '"'))
                    .as("%s of %s", text, pattern)
                    .isEqualTo(other.matcher(text).find());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "a(?=b) ¦ looks ahead", "(?<!a)b ¦ behind", "a\\b ¦ \\b", "(a)\\1 ¦ group", "(a ¦ ( without )",
                        "a) ¦ ) without (",
                "[a ¦ ends", "*a ¦ nothing to repeat", "a{3,2} ¦ 3 to 2", "a{x} ¦ number", "a^b ¦ in the middle",
                        "\\q ¦ \\q",
                "[] ¦ without characters", "\\p{Nope} ¦ Nope", "(a|b)*a(a|b){2000}c{99999}(ab){99999} ¦ parts"
            })
    void wrongRegularExpressionsAreRefused(String pattern, String message) {
        assertThatThrownBy(() -> {
                    Grammar grammar = Grammar.regex(pattern);
                    Automaton.of(grammar);
                    if (pattern.length() > 30) {
                        Determinizer.dfa(grammar);
                    }
                })
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "root ::= \"a\" b+ # comment\\nb ::= [b-d] ¦ ab,abcd ¦ a,b,",
                "root ::= (\"x\" | \"y\" \"z\"?)* ¦ ,x,yz,xyxyz ¦ z,xz",
                "root ::= [^a-z\\n]{2,3} ¦ 12,ÄÖ,漢字仮 ¦ a1,1,1234",
                "root ::= \"\\x41\\u00e9\\U0001F600\" | \"\\t\" ¦ Aé😀 ¦ A",
                "root ::= item (\",\" item){0,2}\\nitem ::= \"(\" root \")\" | [0-9] ¦ 1,`1,2`,(1) ¦ (,()",
                "root ::=\\n  \"a\" |\\n  \"b\" ¦ a,b ¦ ab,",
                "root ::= . . ¦ ab,漢é ¦ a,abc",
                "root ::= \"a\" | ¦ ,a ¦ b",
                "root ::= [\\]\\\\a-] ¦ ],\\,a,- ¦ b",
                "root ::= \"a\"{3} \"b\"{2,} \"c\"{,}? ¦ ¦ ",
            })
    void gbnfIsReadAsLlamaCppReadsIt(String text, String matching, String others) {
        String gbnf = text.replace("\\n", "\n");
        if (matching == null) {
            assertThatThrownBy(() -> Grammar.gbnf(gbnf)).hasMessageContaining("line 1");
            return;
        }
        Grammar grammar = Grammar.gbnf(gbnf);
        for (String each : matching.replace("`", "").split(",", -1)) {
            assertThat(Matching.matches(grammar, each))
                    .as("%s of %s", each, gbnf)
                    .isTrue();
        }
        for (String each : others == null ? new String[0] : others.split(",", -1)) {
            assertThat(Matching.matches(grammar, each))
                    .as("%s of %s", each, gbnf)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "start ::= \"a\" ¦ no rule root", "root ::= x ¦ rule x, which is not there",
                        "root ::= \"a ¦ ends in the middle",
                "root = \"a\" ¦ expected ::=", "root ::= (\"a\" ¦ expected )", "root ::= \"\\q\" ¦ unknown escape",
                "root ::= [b-a] ¦ range from b to a", "root ::= \"a\"{5,2} ¦ repetition",
                        "root ::= x\\nx ::= x \"a\" | \"b\" ¦ begins with itself",
                "root ::= x \"a\" | \"c\"\\nx ::= \"\"? root ¦ begins with itself", "root ::= \"a\" root ¦ no text",
                        "root ::= !<[3]> ¦ token",
                "root ::= <think> ¦ token", "root ::= ) ¦ end of the rule"
            })
    void wrongGbnfIsRefused(String gbnf, String message) {
        assertThatThrownBy(() -> Grammar.gbnf(gbnf.replace("\\n", "\n")))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(message);
    }

    @Test
    void callsAreBoundAfterTheirTriggerAndTextIsFree() {
        Grammar call = Grammar.sequence(
                Grammar.text("<call>"),
                Grammar.json("{\"type\":\"integer\",\"maximum\":9,\"minimum\":0}"),
                Grammar.text("</call>"));
        Grammar auto = Grammar.sequence(
                Grammar.freeText("<call>"), Grammar.repeat(Grammar.sequence(call, Grammar.freeText("<call>")), 0, 2));
        for (String text : List.of(
                "",
                "hello <b> <cal",
                "a<call>3</call>",
                "a<call>3</call>b<<call>4</call>c",
                "<call>1</call><call>2</call>")) {
            assertThat(Matching.matches(auto, text)).as(text).isTrue();
        }
        for (String text : List.of("<call>", "x<call>12</call>", "<call>1</call><call>2</call><call>3</call>")) {
            assertThat(Matching.matches(auto, text)).as(text).isFalse();
        }
    }

    @Test
    void tokensThatAreNoTextMayBeNamed() {
        List<byte[]> tokens = new ArrayList<>();
        for (String text : List.of("a", "b", "ab", "", "a1")) {
            tokens.add(text.getBytes(StandardCharsets.UTF_8));
        }
        VocabularyTrie vocabulary = new VocabularyTrie(tokens);
        GrammarCursor cursor =
                new GrammarCursor(Grammar.sequence(Grammar.text("a"), Grammar.token(3), Grammar.text("b")), vocabulary);
        assertThat(cursor.allowed()).isEqualTo(BitSet.valueOf(new long[] {0b1}));
        cursor.accept(0, tokens.get(0));
        assertThat(cursor.allowed()).isEqualTo(BitSet.valueOf(new long[] {0b1000}));
        assertThat(cursor.names(3)).isTrue();
        assertThatThrownBy(() -> cursor.accept(1, tokens.get(1))).hasMessageContaining("token 1");
        cursor.accept(3, tokens.get(3));
        assertThat(cursor.allowed()).isEqualTo(BitSet.valueOf(new long[] {0b10}));
        cursor.accept(1, tokens.get(1));
        assertThat(cursor.finished()).isTrue();
    }
}
