package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Texts have the form that a request asks for, by whatever name it is asked for. */
class StructuredOutputTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> ask(boolean chat, String fields) throws Exception {
        String prompt = chat ? "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]" : "\"prompt\":\"Once\"";
        return server.send(
                "POST",
                chat ? "/v1/chat/completions" : "/v1/completions",
                "{\"model\":\"tales-small\",\"max_tokens\":60,\"temperature\":1,\"seed\":3," + prompt + "," + fields
                        + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "'guided_regex':'[a-c]{3}-[0-9]{2,4}'                                ¦ [a-c]{3}-[0-9]{2,4}",
                "'guided_choice':['yes','no','é?']                                   ¦ yes|no|é[?]",
                "'guided_grammar':'root ::= word (\\\" \\\" word)* \\\".\\\"\\nword ::= [a-f]{1,3}' ¦ [a-f]{1,3}( [a-f]{1,3})*[.]",
                "'guided_json':{'type':'array','items':{'type':'integer','maximum':5,'minimum':0},'maxItems':3} ¦ \\[([0-5](, ?[0-5]){0,2})?]",
                "'guided_json':'{\\\"const\\\":7}'                                   ¦ 7",
                "'structured_outputs':{'regex':'x{2,5}'}                             ¦ x{2,5}",
                "'structured_outputs':{'choice':['left','right']}                    ¦ left|right",
                "'structured_outputs':{'json':{'enum':[1,'b']}}                      ¦ 1|\"b\"",
                "'structured_outputs':{'grammar':'root ::= \\\"q\\\" root? \\\"p\\\"'} ¦ q+p+",
                "'structured_outputs':{'json_object':true}                           ¦ (?s)[{].*",
                "'grammar':'root ::= [0-9]+ \\\"%\\\"'                               ¦ [0-9]+%?",
                "'grammar':'','json_schema':{'type':'boolean'}                       ¦ true|false",
                "'json_schema':{'type':'string','pattern':'^ab+c$','maxLength':9}    ¦ \"ab{1,7}c\"",
                "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'const':null}}} ¦ null",
            })
    void textsHaveTheForm(String fields, String pattern) throws Exception {
        for (boolean chat : new boolean[] {false, true}) {
            HttpResponse<String> response = ask(chat, fields.replace('\'', '"'));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode choice =
                    TestServer.MAPPER.readTree(response.body()).path("choices").path(0);
            String text = (chat ? choice.path("message").path("content") : choice.path("text")).asString();
            assertThat(text.strip()).matches(pattern);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "'guided_regex':'a(?=b)'                                    ¦ guided_regex       ¦ looks ahead",
                "'guided_regex':'('                                         ¦ guided_regex       ¦ without )",
                "'guided_regex':7                                           ¦ guided_regex       ¦ string",
                "'guided_choice':[]                                         ¦ guided_choice      ¦ array of strings",
                "'guided_choice':['a',1]                                    ¦ guided_choice      ¦ array of strings",
                "'guided_grammar':'root ::= nothing'                        ¦ guided_grammar     ¦ line 1",
                "'guided_grammar':'root ::= root \\\"a\\\"|\\\"b\\\"'     ¦ guided_grammar     ¦ root that begins with itself",
                "'guided_json':{'not':{}}                                   ¦ guided_json        ¦ not",
                "'guided_json':7                                            ¦ guided_json        ¦ JSON Schema",
                "'guided_json':{'type':'string','pattern':'(a|b)*a(a|b){30}','maxLength':99} ¦ guided_json ¦ automaton",
                "'json_schema':{'multipleOf':2}                             ¦ json_schema        ¦ multipleOf",
                "'grammar':'x'                                              ¦ grammar            ¦ ::=",
                "'structured_outputs':{}                                    ¦ structured_outputs ¦ expected one of",
                "'structured_outputs':{'structural_tag':'x'}                ¦ structured_outputs ¦ structural_tag",
                "'structured_outputs':{'regex':'a','choice':['b']}          ¦ structured_outputs.choice ¦ expected one of them",
                "'grammar':'root ::= \\\"a\\\"','guided_regex':'a'          ¦ grammar            ¦ guided_regex",
                "'response_format':{'type':'json_object'},'guided_regex':'a' ¦ guided_regex      ¦ response_format",
            })
    void whatCannotBeHonouredIsRefused(String fields, String param, String message) throws Exception {
        for (boolean chat : new boolean[] {false, true}) {
            HttpResponse<String> response = ask(chat, fields.replace('\'', '"'));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            JsonNode error = Shapes.check(TestServer.MAPPER.readTree(response.body()), "error")
                    .path("error");
            assertThat(error.path("param").asString()).isEqualTo(param);
            assertThat(error.path("message").asString()).contains(message);
        }
    }

    @Test
    void aSchemaThatIsAmbiguousInEveryStepIsServed() throws Exception {
        String list = "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1}";
        String lists = String.join(",", java.util.Collections.nCopies(8, list));
        HttpResponse<String> response = ask(false, "\"guided_json\":{\"anyOf\":[" + lists + ",{\"const\":1}]}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
}
