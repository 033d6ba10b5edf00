package io.karipap.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What {@code serve} uses for options that are not on its command line: the environment ({@code KARIPAP_SERVE_MAX_RUNNING} for
 * {@code --max-running}), then the file that {@code --config} names, then the defaults.
 */
final class ServeDefaults implements IDefaultValueProvider {
    static final String CONFIG = "--config";
    private static final String PREFIX = "KARIPAP_SERVE_";

    private final Map<String, String> environment;
    private final Properties file;

    private ServeDefaults(Map<String, String> environment, Properties file) {
        this.environment = environment;
        this.file = file;
    }

    /**
     * Reads the file, if one is named.
     *
     * @param command {@code serve}, whose options may be set
     * @param arguments of the command line
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if file or environment set something that is no option
     */
    static ServeDefaults of(CommandSpec command, List<String> arguments, Map<String, String> environment)
            throws IOException {
        String path = environment.get(variable(CONFIG));
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(CONFIG + "=")) {
                path = arguments.get(i).substring(CONFIG.length() + 1);
            } else if (arguments.get(i).equals(CONFIG) && i + 1 < arguments.size()) {
                path = arguments.get(i + 1);
            }
        }
        Properties file = new Properties();
        if (path != null) {
            try (Reader reader = Files.newBufferedReader(Path.of(path))) {
                file.load(reader);
            }
        }
        List<String> names = command.options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .filter(name -> name.startsWith("--"))
                .toList();
        for (String key : file.stringPropertyNames()) {
            if (!names.contains("--" + key) || key.equals("config") || key.equals("help") || key.equals("version")) {
                throw new IllegalArgumentException(path + " sets \"" + key + "\", which is no option of serve");
            }
        }
        for (String key : environment.keySet()) {
            if (key.startsWith(PREFIX)
                    && names.stream().noneMatch(name -> variable(name).equals(key))) {
                throw new IllegalArgumentException("the environment sets " + key + ", which is no option of serve");
            }
        }
        return new ServeDefaults(environment, file);
    }

    /** The environment variable for an option. */
    private static String variable(String option) {
        return PREFIX + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String name = option.longestName();
        String value = environment.get(variable(name));
        return value != null ? value : file.getProperty(name.substring(2));
    }
}
