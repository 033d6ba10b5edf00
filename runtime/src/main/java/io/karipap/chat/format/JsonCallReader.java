package io.karipap.chat.format;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Calls as JSON objects behind a mark: one behind {@code <tool_call>}, before {@code </tool_call>}, or several in a list or behind
 * semicolons; where the form allows it also without a mark, if the answer begins with one.
 */
final class JsonCallReader implements CallReader {
    private static final String FENCE = "```";

    private enum State {
        /** Nothing but white space has come. */
        BEGINNING,
        TEXT,
        /** Between calls. */
        BETWEEN,
        CALL
    }

    private final String mark;
    private final String end;
    private final boolean bare;
    private final Predicate<String> known;
    private State state;
    private CallObject call;
    /** What stood between the last call and here, in case that it is text. */
    private final StringBuilder between = new StringBuilder();

    private boolean marked;
    private boolean anyCall;

    /**
     * @param mark what stands before calls; empty for none
     * @param end what stands behind a call, after which text may follow; empty where calls follow each other
     * @param bare whether an answer that begins with a call needs no mark
     * @param known names of tools; without a mark, an object that names none is text
     */
    JsonCallReader(String mark, String end, boolean bare, Predicate<String> known) {
        this.mark = mark;
        this.end = end;
        this.bare = bare;
        this.known = known;
        this.state = bare ? State.BEGINNING : State.TEXT;
    }

    @Override
    public void read(HeldText held, Consumer<AnswerPart> out) {
        boolean goesOn = true;
        while (goesOn && !held.isEmpty()) {
            goesOn = switch (state) {
                case BEGINNING -> beginning(held);
                case TEXT -> text(held, out);
                case BETWEEN -> between(held);
                case CALL -> call(held, out);
            };
        }
    }

    private boolean beginning(HeldText held) {
        between.append(held.takeSpace());
        if (held.isEmpty()) {
            return false;
        }
        if (held.mayBecome(FENCE + "json")) {
            return false;
        }
        boolean fenced = held.startsWith(FENCE + "json");
        if (fenced || held.first() == '{' || held.first() == '[') {
            between.append(held.take(fenced ? FENCE.length() + 4 : 0));
            marked = false;
            state = State.BETWEEN;
        } else {
            giveBack(held);
        }
        return true;
    }

    /** What stood between calls is text. */
    private void giveBack(HeldText held) {
        String rest = held.takeAll();
        held.append(between.toString());
        held.append(rest);
        between.setLength(0);
        state = State.TEXT;
    }

    private boolean text(HeldText held, Consumer<AnswerPart> out) {
        int at = mark.isEmpty() ? -1 : held.find(mark);
        if (at < 0) {
            tell(mark.isEmpty() ? held.takeAll() : held.take(held.certain(mark)), out);
            return false;
        }
        tell(held.take(at).stripTrailing(), out);
        held.take(mark.length());
        marked = true;
        state = State.BETWEEN;
        return true;
    }

    private static void tell(String text, Consumer<AnswerPart> out) {
        if (!text.isEmpty()) {
            out.accept(new AnswerPart.Content(text));
        }
    }

    private boolean between(HeldText held) {
        char c = held.first();
        if (c == '{') {
            call = new CallObject(marked ? name -> true : known);
            state = State.CALL;
            return true;
        }
        if (!end.isEmpty() && (held.mayBecome(end) || held.startsWith(end))) {
            if (!held.startsWith(end)) {
                return false;
            }
            held.take(end.length());
            between.setLength(0);
            state = State.TEXT;
            return true;
        }
        boolean list = end.isEmpty() && (c == '[' || c == ']' || c == ',' || c == ';' || c == '`');
        if (Character.isWhitespace(c) || list) {
            between.append(held.take(1));
            return true;
        }
        if (anyCall || marked) {
            between.setLength(0); // commas and brackets that belonged to calls
            state = State.TEXT;
        } else {
            giveBack(held);
        }
        return true;
    }

    private boolean call(HeldText held, Consumer<AnswerPart> out) {
        while (!held.isEmpty()) {
            call.read(held.take(1).charAt(0), out);
            if (call.done()) {
                anyCall = true;
                between.setLength(0);
                state = State.BETWEEN;
                return true;
            }
            if (call.isNoCall()) {
                noCall(held);
                return true;
            }
        }
        return false;
    }

    private void noCall(HeldText held) {
        between.append(call.text());
        giveBack(held);
    }

    @Override
    public void finish(HeldText held, Consumer<AnswerPart> out) {
        if (state == State.CALL && !call.called()) {
            noCall(held);
        } else if (state == State.BEGINNING || state == State.BETWEEN && !anyCall) {
            giveBack(held);
        }
        String rest = held.takeAll();
        boolean leftOver = anyCall && rest.isBlank();
        if (state == State.TEXT && !leftOver) {
            tell(rest, out);
        }
    }
}
