package io.karipap.server;

import java.util.Optional;

/** Which build this is. */
final class BuildInfo {
    /** Version in the manifest; {@code dev} where there is none. */
    static final String VERSION = Optional.ofNullable(
                    BuildInfo.class.getPackage().getImplementationVersion())
            .orElse("dev");

    private BuildInfo() {}
}
