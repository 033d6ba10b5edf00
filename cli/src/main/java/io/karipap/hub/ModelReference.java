package io.karipap.hub;

import java.util.Optional;

/**
 * How a user names a model: {@code owner/repo[:file or quant][@revision]}.
 *
 * @param selector a file of the repository, or a quantisation such as {@code Q4_K_M}; empty for the whole model
 * @param revision empty for the branch {@code main}
 */
public record ModelReference(RepositoryName repository, Optional<String> selector, Optional<Revision> revision) {
    /** @throws IllegalArgumentException if the text names no model; the message says what was expected */
    public static ModelReference parse(String text) {
        if (text.contains("://")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is an address, expected the name in it, such as owner/repo");
        }
        int at = text.indexOf('@');
        String model = at < 0 ? text : text.substring(0, at);
        int colon = model.indexOf(':');
        Optional<String> selector = colon < 0 ? Optional.empty() : Optional.of(model.substring(colon + 1));
        if (selector.isPresent() && !RepositoryFile.isSafe(selector.get())) {
            throw new IllegalArgumentException("\"" + text + "\" has \"" + selector.get()
                    + "\" after ':', expected a file of the repository or a quantisation such as Q4_K_M");
        }
        return new ModelReference(
                new RepositoryName(colon < 0 ? model : model.substring(0, colon)),
                selector,
                at < 0 ? Optional.empty() : Optional.of(new Revision(text.substring(at + 1))));
    }

    /** The model of that text, or empty if the text names none. */
    static Optional<ModelReference> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Revision revisionOrMain() {
        return revision.orElse(Revision.MAIN);
    }

    @Override
    public String toString() {
        return repository
                + selector.map(s -> ":" + s).orElse("")
                + revision.map(r -> "@" + r).orElse("");
    }
}
