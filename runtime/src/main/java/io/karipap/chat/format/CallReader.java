package io.karipap.chat.format;

import java.util.function.Consumer;

/** Finds calls in the text of an answer. Not thread-safe. */
interface CallReader {
    /** Reads what {@code held} holds as far as it is certain what it is, and takes it. */
    void read(HeldText held, Consumer<AnswerPart> out);

    /** No more text comes. */
    void finish(HeldText held, Consumer<AnswerPart> out);
}
