package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.repeat;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** How a model writes its answers, by what its template and its vocabulary say. Immutable. */
public final class AnswerForm {
    private static final String ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Tokens at the end of a prompt in which thoughts may have been begun or ended. */
    private static final int TAIL = 16;

    private final Tokenizer tokenizer;
    private final Marks marks;
    private final Optional<ToolFormat> tools;
    private final Optional<ReasoningMarks> reasoning;
    private final ArgumentForm arguments;

    private AnswerForm(ChatTemplate template, Tokenizer tokenizer, boolean withTools) {
        String source = template.source(withTools);
        this.tokenizer = tokenizer;
        this.marks = new Marks(tokenizer);
        this.tools = ToolFormat.of(source);
        this.reasoning = ReasoningMarks.of(source);
        this.arguments = tools.isPresent() && tools.get() instanceof GenericFormat
                ? ArgumentForm.OBJECT
                : ArgumentForm.of(template, withTools);
    }

    /**
     * The form of answers to prompts that a template makes.
     *
     * @param withTools whether the prompts have tools: a model may have another template for them
     * @throws io.karipap.tokenizer.chat.ChatTemplateException if the model has no template for such prompts
     */
    public static AnswerForm of(ChatTemplate template, Tokenizer tokenizer, boolean withTools) {
        return new AnswerForm(template, tokenizer, withTools);
    }

    /** Whether it is known how the model calls tools. */
    public boolean callsTools() {
        return tools.isPresent();
    }

    /** Whether the model was taught to think before it answers. */
    public boolean thinks() {
        return reasoning.isPresent();
    }

    /**
     * What the template is given for a prompt: arguments of calls as it wants them, and tools in a message where it knows none.
     *
     * @throws IllegalArgumentException if arguments of a call in the messages are no JSON object; the message names their place
     */
    public ChatPrompt prompt(ChatPrompt asked) {
        ChatPrompt given = asked.withMessages(arguments.apply(asked.messages()));
        return tools.map(format -> format.prompt(given)).orElse(given);
    }

    /** Special tokens that have to be seen in the text of an answer. */
    public Set<Integer> shownTokens() {
        List<String> all = new ArrayList<>();
        tools.ifPresent(format -> all.addAll(format.marks()));
        reasoning.ifPresent(each -> all.addAll(List.of(each.open(), each.close())));
        return marks.shown(all);
    }

    /**
     * Reads one answer.
     *
     * @param prompt what it answers
     * @param rules which tools it may call; absent for none
     */
    public AnswerReader reader(int[] prompt, Optional<CallRules> rules) {
        return new AnswerReader(
                reasoning
                        .map(each -> new ReasoningReader(each, each.opened(tail(prompt))))
                        .orElse(null),
                rules.map(each -> format().reader(each.tools()::containsKey)).orElse(null));
    }

    /**
     * What an answer must look like; absent where it may be anything.
     *
     * @param prompt what it answers
     * @param rules which tools it may call; absent for none
     * @param text the form of an answer without calls, if it has one
     */
    public Optional<Grammar> grammar(int[] prompt, Optional<CallRules> rules, Optional<Grammar> text) {
        if (rules.isEmpty() && text.isEmpty()) {
            return Optional.empty();
        }
        Grammar answer = rules.map(each -> answer(each, text)).orElseGet(text::get);
        return Optional.of(
                reasoning.map(each -> afterThoughts(each, tail(prompt), answer)).orElse(answer));
    }

    private Grammar answer(CallRules rules, Optional<Grammar> text) {
        if (!rules.required() && text.isEmpty()) {
            return format().textOrCalls(rules.tools(), rules.several(), marks);
        }
        Grammar calls = format().calls(rules.tools(), rules.several(), marks);
        return rules.required() ? calls : choice(calls, text.get());
    }

    private Grammar afterThoughts(ReasoningMarks thoughts, String tail, Grammar answer) {
        if (thoughts.closed(tail)) {
            return answer;
        }
        Grammar rest = sequence(
                marks.textBefore(thoughts.close()), marks.grammar(thoughts.close()), repeat(text("\n"), 0, 2), answer);
        return thoughts.opened(tail) ? rest : choice(answer, sequence(marks.grammar(thoughts.open()), rest));
    }

    private ToolFormat format() {
        return tools.orElseThrow(() -> new IllegalArgumentException("it is not known how the model calls tools"));
    }

    private String tail(int[] prompt) {
        return tokenizer.decode(Arrays.copyOfRange(prompt, Math.max(0, prompt.length - TAIL), prompt.length), false);
    }

    /** An id for a call, such as clients send back with its result. */
    public String newCallId(RandomGenerator random) {
        StringBuilder id = new StringBuilder(format().idPrefix());
        for (int i = 0; i < format().idLength(); i++) {
            id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }
}
