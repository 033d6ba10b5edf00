package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Expression.Filtered;
import io.karipap.tokenizer.jinja.Statement.*;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs statements. */
final class Renderer {
    private final Budget budget;
    private final Evaluator evaluator;
    private Text.Builder out = new Text.Builder();

    Renderer(Budget budget) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget);
    }

    /** How a body ended. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    Text render(List<Statement> statements, Frame frame) {
        run(statements, frame);
        return out.build();
    }

    private void print(Text text) {
        budget.make(text.value().length());
        out.append(text);
    }

    private Flow run(List<Statement> statements, Frame frame) {
        for (Statement statement : statements) {
            Flow flow = run(statement, frame);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement, Frame frame) {
        budget.step();
        switch (statement) {
            case Data data -> print(data.text());
            case Print print -> print(Repr.str(evaluator.evaluate(print.value(), frame)));
            case If condition -> {
                return run(
                        Values.isTrue(evaluator.evaluate(condition.condition(), frame))
                                ? condition.then()
                                : condition.otherwise(),
                        frame);
            }
            case For loop -> loop(loop, evaluator.evaluate(loop.elements(), frame), frame, 0);
            case Statement.Set set -> assign(set.target(), evaluator.evaluate(set.value(), frame), frame);
            case SetBlock set -> {
                Captured captured = captured(set.body(), new Frame(frame));
                if (captured.flow() != Flow.ON) {
                    return captured.flow();
                }
                assign(set.target(), filtered(set.filters(), captured.text(), frame), frame);
            }
            case FilterBlock filter -> {
                Captured captured = captured(filter.body(), new Frame(frame));
                if (captured.flow() != Flow.ON) {
                    return captured.flow();
                }
                print(Repr.str(filtered(filter.filters(), captured.text(), frame)));
            }
            case With with -> {
                Frame inner = new Frame(frame);
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(
                            with.targets().get(i),
                            evaluator.evaluate(with.values().get(i), frame),
                            inner);
                }
                return run(with.body(), inner);
            }
            case Scope scope -> {
                return run(scope.body(), new Frame(frame));
            }
            case MacroDefinition macro -> frame.set(macro.name(), macro(macro.signature(), frame));
            case CallBlock call -> {
                Arguments arguments = evaluator.arguments(call.arguments(), frame);
                Map<String, Object> named = new LinkedHashMap<>(arguments.named());
                named.put("caller", macro(call.caller(), frame));
                print(Repr.str(evaluator.call(
                        evaluator.evaluate(call.function(), frame), new Arguments(arguments.positional(), named))));
            }
            case Break end -> {
                return Flow.BREAK;
            }
            case Continue next -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private record Captured(Text text, Flow flow) {}

    /** What a body prints, and how it ended. */
    private Captured captured(List<Statement> body, Frame frame) {
        Text.Builder outer = out;
        out = new Text.Builder();
        try {
            Flow flow = run(body, frame);
            return new Captured(out.build(), flow);
        } finally {
            out = outer;
        }
    }

    private Object filtered(List<Filtered> filters, Object value, Frame frame) {
        Object result = value;
        for (Filtered filter : filters) {
            result = evaluator.filtered(filter, result, frame);
        }
        return result;
    }

    private void loop(For loop, Object value, Frame frame, int depth) {
        List<Object> elements = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            budget.step();
            if (loop.filter() != null) {
                Frame inner = new Frame(frame);
                assign(loop.target(), element, inner);
                if (!Values.isTrue(evaluator.evaluate(loop.filter(), inner))) {
                    continue;
                }
            }
            elements.add(element);
        }
        LoopContext context = new LoopContext(elements, depth, loop.recursive() ? deeper(loop, frame, depth) : null);
        boolean anyComplete = false; // as Jinja has it, a loop left by break or continue every time takes its else
        Flow flow = Flow.ON;
        for (int i = 0; i < elements.size() && flow != Flow.BREAK; i++) {
            context.moveTo(i);
            Frame inner = new Frame(frame);
            inner.set("loop", context);
            assign(loop.target(), elements.get(i), inner);
            flow = run(loop.body(), inner);
            anyComplete |= flow == Flow.ON;
        }
        if (!anyComplete) {
            run(loop.otherwise(), new Frame(frame));
        }
    }

    private Function deeper(For loop, Frame frame, int depth) {
        return arguments -> {
            Object value = arguments.bind("loop", 1, "iterable")[0];
            budget.enter();
            Text.Builder outer = out;
            out = new Text.Builder();
            try {
                loop(loop, value, frame, depth + 1);
                return out.build();
            } finally {
                out = outer;
                budget.leave();
            }
        };
    }

    private void assign(Target target, Object value, Frame frame) {
        switch (target) {
            case Target.Variable variable -> frame.set(variable.name(), value);
            case Target.Attribute attribute -> {
                if (!(frame.get(attribute.object()) instanceof Namespace namespace)) {
                    throw new TemplateException(attribute.line(), "cannot assign attribute on non-namespace object");
                }
                namespace.attributes().put(Text.of(attribute.name()), value);
            }
            case Target.Several several -> {
                List<Object> values = Values.elements(Values.defined(value));
                if (values.size() != several.targets().size()) {
                    throw new TemplateException(
                            several.line(),
                            values.size() + " values cannot be unpacked into "
                                    + several.targets().size() + " names");
                }
                for (int i = 0; i < values.size(); i++) {
                    assign(several.targets().get(i), values.get(i), frame);
                }
            }
        }
    }

    private Macro macro(Signature signature, Frame defined) {
        return new Macro(signature.name(), arguments -> {
            Frame frame = new Frame(defined);
            bind(signature, arguments, frame);
            return captured(signature.body(), frame).text();
        });
    }

    private void bind(Signature signature, Arguments arguments, Frame frame) {
        List<String> parameters = signature.parameters();
        List<Object> given = arguments.positional();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        int firstDefault = parameters.size() - signature.defaults().size();
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i);
            if (i < given.size()) {
                if (named.containsKey(name)) {
                    throw new TemplateException("macro '" + signature.name() + "' got two values of '" + name + "'");
                }
                frame.set(name, given.get(i));
            } else if (named.containsKey(name)) {
                frame.set(name, named.remove(name));
            } else if (i >= firstDefault) {
                frame.set(name, evaluator.evaluate(signature.defaults().get(i - firstDefault), frame));
            } else {
                frame.set(name, new Undefined("parameter '" + name + "' was not provided"));
            }
        }
        if (signature.mentions().contains("caller") && !parameters.contains("caller")) {
            Object caller = named.remove("caller");
            frame.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        extra(signature, arguments, named, frame);
    }

    private void extra(Signature signature, Arguments arguments, Map<String, Object> named, Frame frame) {
        int count = signature.parameters().size();
        List<Object> given = arguments.positional();
        if (signature.mentions().contains("varargs")) {
            frame.set("varargs", new Tuple(given.subList(Math.min(count, given.size()), given.size())));
        } else if (given.size() > count) {
            throw new TemplateException(
                    "macro '" + signature.name() + "' takes not more than " + count + " argument(s)");
        }
        if (signature.mentions().contains("kwargs")) {
            Map<Object, Object> map = new LinkedHashMap<>();
            named.forEach((key, value) -> map.put(Text.of(key), value));
            frame.set("kwargs", map);
        } else if (!named.isEmpty()) {
            throw new TemplateException("macro '" + signature.name() + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
    }
}
