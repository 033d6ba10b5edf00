package io.karipap.chat.format;

import java.util.function.Consumer;

/** Calls as a name and its arguments: {@code [TOOL_CALLS]name[ARGS]{…}}, between name and arguments perhaps {@code [CALL_ID]…}. */
final class NamedCallReader implements CallReader {
    private final String mark;
    private final String idMark;
    private final String argumentsMark;
    private boolean inName;
    private boolean inArguments;
    private boolean anyCall;
    private boolean inString;
    private boolean escaped;
    private int depth;

    NamedCallReader(String mark, String idMark, String argumentsMark) {
        this.mark = mark;
        this.idMark = idMark;
        this.argumentsMark = argumentsMark;
    }

    @Override
    public void read(HeldText held, Consumer<AnswerPart> out) {
        boolean goesOn = true;
        while (goesOn && !held.isEmpty()) {
            goesOn = inArguments ? arguments(held, out) : inName ? name(held, out) : text(held, out);
        }
    }

    private boolean text(HeldText held, Consumer<AnswerPart> out) {
        int at = held.find(mark);
        String text = at < 0 ? held.take(held.certain(mark)) : held.take(at).stripTrailing();
        if (!text.isEmpty()) {
            out.accept(new AnswerPart.Content(text));
        }
        if (at >= 0) {
            held.take(held.find(mark) + mark.length());
            inName = true;
        }
        return at >= 0;
    }

    private boolean name(HeldText held, Consumer<AnswerPart> out) {
        int at = held.find(argumentsMark);
        if (at < 0) {
            return false;
        }
        String name = held.take(at);
        held.take(argumentsMark.length());
        int id = name.indexOf(idMark);
        out.accept(new AnswerPart.CallStart((id < 0 ? name : name.substring(0, id)).strip()));
        anyCall = true;
        inName = false;
        inArguments = true;
        depth = 0;
        return true;
    }

    private boolean arguments(HeldText held, Consumer<AnswerPart> out) {
        StringBuilder json = new StringBuilder();
        while (inArguments && !held.isEmpty()) {
            char c = held.take(1).charAt(0);
            if (depth > 0 || !Character.isWhitespace(c)) {
                json.append(c);
                count(c);
            }
        }
        if (!json.isEmpty()) {
            out.accept(new AnswerPart.CallArguments(json.toString()));
        }
        return !inArguments;
    }

    private void count(char c) {
        if (inString) {
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
            return;
        }
        if (c == '"') {
            inString = true;
            escaped = false;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
        inArguments = depth > 0;
    }

    @Override
    public void finish(HeldText held, Consumer<AnswerPart> out) {
        String rest = (inName ? mark : "") + held.takeAll();
        if (!rest.isEmpty() && !(anyCall && rest.isBlank())) {
            out.accept(new AnswerPart.Content(rest));
        }
    }
}
