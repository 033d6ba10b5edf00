package io.karipap.cli.option;

import io.karipap.hub.CachedModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model as users name it: a directory, a GGUF file, or {@code owner/repo[:file or quant][@revision]} of a model that was pulled. An
 * option of this type takes them all.
 */
public record ModelLocation(String text) {
    /** How help calls it. */
    public static final String LABEL = "PATH|NAME";

    /**
     * Where it is.
     *
     * @throws io.karipap.hub.HubException if it is a name and the model is not in the cache
     */
    public Path path() throws IOException {
        return CachedModel.resolve(text);
    }
}
