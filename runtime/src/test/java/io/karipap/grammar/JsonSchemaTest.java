package io.karipap.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.karipap.generate.LanguageModel;
import io.karipap.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Random texts by the masks are valid for a validator that we did not write; what cannot be honoured is refused. */
class JsonSchemaTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static Tokenizer tokenizer;
    private static VocabularyTrie vocabulary;

    @BeforeAll
    static void readTokenizer() throws IOException {
        try (InputStream in =
                LanguageModel.class.getResourceAsStream("/io/karipap/models/tales-small/tokenizer.json")) {
            tokenizer = Tokenizer.read("tokenizer.json", in.readAllBytes());
        }
        vocabulary = new VocabularyTrie(tokenizer);
    }

    private static JsonNode json(String text) {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    /** A random walk; tokens that bring the text to an end are preferred, so that it has one. */
    private static String write(Grammar grammar, Random random) {
        GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (!cursor.finished()) {
            if (cursor.complete() && random.nextInt(4) == 0) {
                break;
            }
            BitSet allowed = cursor.allowed();
            assertThat(allowed.isEmpty()).as("a dead end after %s", text).isFalse();
            int[] tokens = allowed.stream().toArray();
            int[] closing = allowed.stream().filter(JsonSchemaTest::mayClose).toArray();
            int[] choice = text.size() > 60 && closing.length > 0 ? closing : tokens;
            int token = choice[random.nextInt(choice.length)];
            byte[] bytes = tokenizer.tokenBytes(token);
            cursor.accept(bytes);
            text.writeBytes(bytes);
            assertThat(text.size()).isLessThan(5_000);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static boolean mayClose(int token) {
        byte[] bytes = tokenizer.tokenBytes(token);
        return bytes.length == 1 && "\"}]".indexOf(bytes[0]) >= 0;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object'}",
                "{'type':'object','properties':{'name':{'type':'string'},'age':{'type':'integer'}},"
                        + "'required':['name','age'],'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'boolean'},'c':{'type':'number'}},"
                        + "'required':['b'],'additionalProperties':false}",
                "{'properties':{'a':{'enum':['x','y z',3,null]}},'required':['a','other']}",
                "{'type':'array','items':{'type':'integer','minimum':-17,'maximum':123},'minItems':2,'maxItems':5}",
                "{'type':'array','maxItems':0}",
                "{'type':'string','minLength':3,'maxLength':7}",
                "{'type':['string','null','boolean']}",
                "{'anyOf':[{'type':'integer','minimum':98,'maximum':1005},{'const':'none'},{'type':'array'}]}",
                "{'type':'number','minimum':0}",
                "{'type':'object','additionalProperties':{'type':'array','items':{'type':'boolean'}}}",
                "{'$defs':{'node':{'type':'object','properties':{'value':{'type':'integer','minimum':0,'maximum':9},"
                        + "'next':{'anyOf':[{'$ref':'#/$defs/node'},{'type':'null'}]}},'required':['value','next']}},"
                        + "'$ref':'#/$defs/node'}",
                "{'title':'with \\\"quotes\\\"','type':'object','properties':{'a\\\"b':{'const':{'c':[1,'é']}}},"
                        + "'required':['a\\\"b']}",
                "true",
                "{'properties':{'a':false,'b':{'type':'null'}},'required':['b']}",
                "{'$defs':{'a b%/c':{'type':'null'}},'$ref':'#/$defs/a%20b%25~1c'}",
                "{'$defs':{'x':{'$anchor':'here','type':'integer'}},'type':'array','items':{'$ref':'#here'},'maxItems':3}",
                "{'type':'string','minLength':60,'maxLength':100}",
                "{'anyOf':[{'type':'array','items':{'$ref':'#'},'minItems':1},{'type':'array','items':{'$ref':'#'},'minItems':1},"
                        + "{'type':'null'}]}",
            })
    void randomTextsAreValid(String text) {
        JsonNode schemaNode = json(text);
        Grammar grammar = JsonSchema.grammar(schemaNode);
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaNode);
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            String written = write(grammar, random);
            assertThat(schema.validate(written, InputFormat.JSON)).as(written).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string','pattern':'(?=a)b'}                      | pattern",
                "{'type':'string','format':'iban'}                         | format",
                "{'type':'array','uniqueItems':true}                       | uniqueItems",
                "{'oneOf':[{'type':'string'},{'enum':['a',1]}]}            | oneOf",
                "{'type':'object','properties':{'x':{'type':'decimal'}}}   | /properties/x",
                "{'type':'object','properties':{'x':{'not':{}}}}           | not",
                "{'type':'number','maximum':'3'}                           | maximum",
                "{'type':'number','multipleOf':3}                          | multipleOf",
                "{'type':'integer','minimum':3,'maximum':2}                | minimum 3",
                "{'type':'object','required':['x'],'additionalProperties':false} | \"x\"",
                "{'$ref':'#/$defs/nothing'}                                | nothing",
                "{'$ref':'http://example.com/schema'}                      | expected a place",
                "{'$ref':'#'}                                              | without end",
                "{'enum':[]}                                               | no value",
                "false                                                     | no text",
                "[]                                                        | an object",
            })
    void whatCannotBeHonouredIsRefused(String schema, String message) {
        assertThatThrownBy(() -> JsonSchema.grammar(json(schema)))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(message);
    }

    @Test
    void deepAndWideSchemasAreRefused() {
        String deep = "{'type':'array','items':".repeat(100) + "true" + "}".repeat(100);
        assertThatThrownBy(() -> JsonSchema.grammar(json(deep))).hasMessageContaining("too far");
        StringBuilder wide = new StringBuilder("{'type':'object','properties':{'p':true");
        for (int i = 0; i < 5_000; i++) {
            wide.append(",'p").append(i).append("':true");
        }
        assertThatThrownBy(() -> JsonSchema.grammar(json(wide + "}}"))).hasMessageContaining("too far");
    }

    @Test
    void allIntegersOfARangeAndNoOthers() {
        Grammar grammar = JsonGrammar.integers(-120, 1007);
        for (int i = -2000; i <= 2000; i++) {
            assertThat(matches(grammar, Integer.toString(i))).as("%d", i).isEqualTo(i >= -120 && i <= 1007);
        }
        assertThat(matches(grammar, "007")).isFalse();
        assertThat(matches(grammar, "-0")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\\ud83d\\ude00\"", "\"\\u12g4\"", "01", "1.", "{\"a\":}", "[1,]", "\"\t\"", "tru", "{'a':1}"})
    void whatIsNoJsonIsNotMatched(String text) {
        assertThat(matches(JsonGrammar.value(), text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\u00e9 é 漢 😀 \\n\"", "-0.5e+3", "{\"a\": [1,{\"b\":null}], \"c\":{}}", "[]", "true"})
    void jsonIsMatched(String text) {
        assertThat(matches(JsonGrammar.value(), text)).isTrue();
    }

    private static boolean matches(Grammar grammar, String text) {
        return Matching.matches(grammar, text);
    }
}
