package io.karipap.chat.format;

import io.karipap.json.Json;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A call as a JSON object, {@code {"name": …, "arguments": {…}}}, read character by character: the arguments are told as they come, once
 * the name is known. Members of other names are skipped. Text that turns out to be no call is given back as it was.
 */
final class CallObject {
    private static final Set<String> ARGUMENTS = Set.of("arguments", "parameters");

    private enum State {
        START,
        BEFORE_NAME,
        NAME,
        BEFORE_COLON,
        BEFORE_VALUE,
        STRING,
        CONTAINER,
        SCALAR,
        AFTER_VALUE,
        DONE,
        NO_CALL
    }

    private final Predicate<String> known;
    private final StringBuilder all = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private final StringBuilder early = new StringBuilder();
    private State state = State.START;
    private String member;
    private String name;
    private boolean anyArguments;
    private boolean inString;
    private boolean escaped;
    private int depth;

    /** @param known whether a call of this name is one; of another it is text */
    CallObject(Predicate<String> known) {
        this.known = known;
    }

    /** Whether the object has ended. */
    boolean done() {
        return state == State.DONE;
    }

    /** Whether this is no call; then {@link #text} is what was read. */
    boolean isNoCall() {
        return state == State.NO_CALL;
    }

    /** Whether a call has been told. */
    boolean called() {
        return name != null;
    }

    String text() {
        return all.toString();
    }

    /** Reads one character. */
    void read(char c, Consumer<AnswerPart> out) {
        all.append(c);
        switch (state) {
            case START -> state = c == '{' ? State.BEFORE_NAME : State.NO_CALL;
            case BEFORE_NAME -> {
                if (c == '"') {
                    value.setLength(0);
                    value.append(c);
                    state = State.NAME;
                } else if (c == '}') {
                    end(out);
                } else if (!Character.isWhitespace(c)) {
                    state = State.NO_CALL;
                }
            }
            case NAME -> {
                value.append(c);
                if (endsString(c)) {
                    member = string();
                    state = State.BEFORE_COLON;
                }
            }
            case BEFORE_COLON -> {
                if (c == ':') {
                    state = State.BEFORE_VALUE;
                } else if (!Character.isWhitespace(c)) {
                    state = State.NO_CALL;
                }
            }
            case BEFORE_VALUE -> {
                if (!Character.isWhitespace(c)) {
                    begin(c, out);
                }
            }
            case STRING -> {
                value.append(c);
                if (endsString(c)) {
                    endString(out);
                }
            }
            case CONTAINER -> inContainer(c, out);
            case SCALAR -> {
                if (c == ',' || c == '}') {
                    afterValue(c, out);
                }
            }
            case AFTER_VALUE -> {
                if (c == ',' || c == '}') {
                    afterValue(c, out);
                } else if (!Character.isWhitespace(c)) {
                    state = State.NO_CALL;
                }
            }
            case DONE, NO_CALL -> throw new IllegalStateException("the object has ended");
        }
        if (state == State.NO_CALL && called()) {
            state = State.DONE; // what has been told cannot be taken back
        }
    }

    private void begin(char c, Consumer<AnswerPart> out) {
        value.setLength(0);
        value.append(c);
        if (c == '"') {
            state = State.STRING;
        } else if (c == '{' || c == '[') {
            state = State.CONTAINER;
            depth = 1;
            inString = false;
            if (c == '{' && ARGUMENTS.contains(member)) {
                arguments("{", out);
            }
        } else {
            state = State.SCALAR;
        }
    }

    private void inContainer(char c, Consumer<AnswerPart> out) {
        if (ARGUMENTS.contains(member) && value.charAt(0) == '{') {
            arguments(String.valueOf(c), out);
        }
        if (inString) {
            inString = !endsString(c);
            return;
        }
        if (c == '"') {
            inString = true;
            escaped = false;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            state = State.AFTER_VALUE;
        }
    }

    private boolean endsString(char c) {
        if (escaped) {
            escaped = false;
            return false;
        }
        escaped = c == '\\';
        return c == '"';
    }

    private void endString(Consumer<AnswerPart> out) {
        state = State.AFTER_VALUE;
        String text = string();
        if (member.equals("name") && name == null) {
            if (text == null || !known.test(text)) {
                state = State.NO_CALL;
                return;
            }
            name = text;
            out.accept(new AnswerPart.CallStart(text));
            if (!early.isEmpty()) {
                out.accept(new AnswerPart.CallArguments(early.toString()));
            }
        } else if (ARGUMENTS.contains(member) && text != null && !text.isBlank()) {
            arguments(text, out); // some models write the object as a string
        }
    }

    private String string() {
        try {
            JsonNode node = Json.parse(value.toString());
            return node.isString() ? node.stringValue() : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private void arguments(String json, Consumer<AnswerPart> out) {
        anyArguments = true;
        if (name == null) {
            early.append(json);
        } else {
            out.accept(new AnswerPart.CallArguments(json));
        }
    }

    private void afterValue(char c, Consumer<AnswerPart> out) {
        if (c == ',') {
            state = State.BEFORE_NAME;
        } else {
            end(out);
        }
    }

    private void end(Consumer<AnswerPart> out) {
        state = name == null ? State.NO_CALL : State.DONE;
        if (name != null && !anyArguments) {
            out.accept(new AnswerPart.CallArguments("{}"));
        }
    }
}
