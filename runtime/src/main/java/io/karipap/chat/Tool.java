package io.karipap.chat;

import java.util.Optional;

/**
 * A function that a model may ask to be called. Karipap does not call it: it hands out a {@link ToolCall}.
 *
 * @param name letters, digits and any of {@code _ - . :}, up to 64
 * @param description what the model is told about it
 * @param parameters JSON Schema of the object of its arguments; absent if it takes none
 * @since 0.1
 */
public record Tool(String name, String description, Optional<String> parameters) {
    private static final String NAME = "[a-zA-Z0-9_.:-]{1,64}";

    /** @throws IllegalArgumentException if the name has other characters */
    public Tool {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "the tool is named \"" + name + "\", expected 1 to 64 letters, digits or any of _ - . :");
        }
    }

    /** A tool without arguments. */
    public static Tool of(String name, String description) {
        return new Tool(name, description, Optional.empty());
    }

    /** A tool whose arguments are by a JSON Schema. */
    public static Tool of(String name, String description, String parameters) {
        return new Tool(name, description, Optional.of(parameters));
    }

    /**
     * A tool whose arguments are the components of a record.
     *
     * @throws IllegalArgumentException if a component is of a type that has no JSON form; see {@link Chat}
     */
    public static Tool of(String name, String description, Class<? extends Record> parameters) {
        return new Tool(name, description, Optional.of(RecordSchema.of(parameters)));
    }
}
