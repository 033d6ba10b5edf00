package io.karipap.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the manifest; {@code dev} where classes are not in a jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String built = Version.class.getPackage().getImplementationVersion();
        return new String[] {"karipap " + Optional.ofNullable(built).orElse("dev")};
    }
}
