package io.karipap.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.testing.TestData;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that would unroll into a vocabulary of 49,152 tokens, or grow with every bracket. */
@Timeout(120)
class RealVocabularyTest {
    private static Tokenizer tokenizer;
    private static VocabularyTrie vocabulary;

    @BeforeAll
    static void read() throws IOException {
        tokenizer = Tokenizer.load(TestData.require("models/real/SmolLM2-135M-Instruct.Q4_1.gguf"));
        vocabulary = new VocabularyTrie(tokenizer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'string','minLength':60,'maxLength':100}",
                "{'type':'string','maxLength':12}",
                "{'type':'string','maxLength':20000}",
                "{'type':'object','properties':{'a':{'type':'string','pattern':'^[a-z]{2,40}(-[a-z0-9]+)*$'},"
                        + "'b':{'type':'string','format':'date-time'}},'required':['a','b']}",
                "{'type':'array','items':{'type':'integer','minimum':-5,'maximum':5000},'minItems':30,'maxItems':400}",
            })
    void masksAreThoseTokensThatTheGrammarTakes(String schema) {
        Grammar grammar = Grammar.json(schema.replace('\'', '"'));
        GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
        Random random = new Random(3);
        Machine machine = new Machine(Automaton.of(grammar));
        Config config = machine.start();
        for (int i = 0; i < 60 && !cursor.finished(); i++) {
            BitSet allowed = cursor.allowed();
            for (int token = random.nextInt(40); token < tokenizer.vocabularySize(); token += 40) {
                boolean text = tokenizer.token(token).isPresent() && !tokenizer.isSpecial(token);
                Config next = text ? after(machine, config, tokenizer.tokenBytes(token)) : null;
                assertThat(allowed.get(token)).as("token %d at %d", token, i).isEqualTo(next != null);
            }
            int[] tokens = allowed.stream().toArray();
            int token = tokens[random.nextInt(tokens.length)];
            cursor.accept(token, tokenizer.tokenBytes(token));
            config = after(machine, config, tokenizer.tokenBytes(token));
        }
        assertThat(vocabulary.bytes()).isLessThan(64_000_000);
    }

    private static Config after(Machine machine, Config config, byte[] bytes) {
        Config next = config;
        for (int i = 0; i < bytes.length && next != null; i++) {
            next = machine.next(next, bytes[i] & 0xff);
        }
        return next;
    }

    @Test
    void ambiguityDoesNotGrowWithDepth() {
        String list = "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1}";
        String lists = String.join(",", java.util.Collections.nCopies(8, list));
        GrammarCursor cursor =
                new GrammarCursor(Grammar.json("{\"anyOf\":[" + lists + ",{\"type\":\"null\"}]}"), vocabulary);
        for (int depth = 0; depth < 500; depth++) {
            cursor.accept(new byte[] {'['});
            assertThat(cursor.allowed().isEmpty()).isFalse();
        }
        cursor.accept("null".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int depth = 0; depth < 500; depth++) {
            assertThat(cursor.complete()).isFalse();
            cursor.accept(new byte[] {']'});
        }
        assertThat(cursor.finished()).isTrue();
    }

    @Test
    void aLongTextLeavesLittleBehind() {
        GrammarCursor cursor = new GrammarCursor(JsonGrammar.object(), vocabulary);
        Random random = new Random(1);
        for (int i = 0; i < 3_000 && !cursor.finished(); i++) {
            int[] tokens = cursor.allowed().stream()
                    .filter(token -> random.nextInt(8) > 0 || tokenizer.tokenBytes(token)[0] == '"')
                    .toArray();
            int token = tokens[random.nextInt(tokens.length)];
            cursor.accept(token, tokenizer.tokenBytes(token));
        }
        assertThat(cursor.kept()).isLessThan(10_000);
    }
}
