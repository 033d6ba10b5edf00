package io.karipap.budget;

import java.util.List;

/** What may become of a part of the model: a tree whose leaves are ways to write operators. */
public sealed interface Alternatives {
    /** One of several ways to write the same operators. */
    record OneOf(List<? extends Alternatives> ways) implements Alternatives {}

    /** Several parts, each chosen for itself. */
    record AllOf(List<? extends Alternatives> parts) implements Alternatives {}

    /** One ansatz at its bond dimensions, by rising parameters and falling loss. */
    record Family(List<Option> options) implements Alternatives {
        public Family {
            options = List.copyOf(options);
        }
    }
}
