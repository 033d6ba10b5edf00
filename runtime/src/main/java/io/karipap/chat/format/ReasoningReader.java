package io.karipap.chat.format;

import java.util.function.Consumer;

/** Takes thoughts from the beginning of an answer, without white space around them. Not thread-safe. */
final class ReasoningReader {
    private final ReasoningMarks marks;
    private boolean inside;
    private boolean over;
    private boolean any;

    /** @param inside whether the answer begins within thoughts */
    ReasoningReader(ReasoningMarks marks, boolean inside) {
        this.marks = marks;
        this.inside = inside;
    }

    /** Whether the thoughts have ended, or there are none: what is held belongs to the answer. */
    boolean over() {
        return over;
    }

    void read(HeldText held, Consumer<AnswerPart> out) {
        if (!inside) {
            begin(held);
        }
        if (inside) {
            go(held, out);
        }
    }

    private void begin(HeldText held) {
        String space = held.takeSpace();
        if (held.startsWith(marks.open())) {
            held.take(marks.open().length());
            inside = true;
            return;
        }
        over = !held.isEmpty() && !held.mayBecome(marks.open());
        String rest = held.takeAll();
        held.append(space + rest);
    }

    private void go(HeldText held, Consumer<AnswerPart> out) {
        if (!any) {
            held.takeSpace();
        }
        int at = held.find(marks.close());
        tell(at < 0 ? held.take(held.certain(marks.close())) : held.take(at).stripTrailing(), out);
        if (at >= 0) {
            held.take(held.find(marks.close()) + marks.close().length());
            inside = false;
            over = true;
        }
    }

    private void tell(String text, Consumer<AnswerPart> out) {
        if (!text.isEmpty()) {
            any = true;
            out.accept(new AnswerPart.Reasoning(text));
        }
    }

    /** No more text comes. */
    void finish(HeldText held, Consumer<AnswerPart> out) {
        if (inside) {
            tell(held.takeAll().stripTrailing(), out);
        }
        over = true;
    }
}
