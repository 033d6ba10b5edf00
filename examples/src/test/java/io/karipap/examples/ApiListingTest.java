package io.karipap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.generate.LanguageModel;
import io.karipap.server.KaripapServer;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/API.md lists what the modules export to everyone, and nothing else. */
class ApiListingTest {
    private static final Pattern PACKAGE = Pattern.compile("## `([\\w.]+)`.*");
    private static final Pattern TYPE = Pattern.compile("\\| `([\\w.]+)` \\| \\S.* \\|");
    private static final List<Class<?>> ONE_OF_EVERY_MODULE =
            List.of(Tokenizer.class, LanguageModel.class, KaripapServer.class);

    @Test
    void theListingIsComplete() throws Exception {
        Map<String, Set<String>> exported = new TreeMap<>();
        for (Class<?> type : ONE_OF_EVERY_MODULE) {
            exported.putAll(exported(module(type)));
        }
        assertThat(listed()).isEqualTo(exported);
    }

    @Test
    void everyExportedTypeSaysSinceWhen() throws Exception {
        for (Map.Entry<String, Set<String>> each : listed().entrySet()) {
            for (String type : each.getValue()) {
                if (!type.contains(".")) {
                    assertThat(source(each.getKey(), type)).as(type).contains("@since ");
                }
            }
        }
    }

    private static String source(String packageName, String type) throws IOException {
        for (String module : List.of("tokenizer", "runtime", "server")) {
            Path file = Path.of("..", module, "src/main/java", packageName.replace('.', '/'), type + ".java");
            if (Files.exists(file)) {
                return Files.readString(file);
            }
        }
        throw new AssertionError("no source of " + packageName + "." + type);
    }

    private static Map<String, Set<String>> listed() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        String current = null;
        for (String line : Files.readAllLines(Path.of("../docs/API.md"))) {
            Matcher heading = PACKAGE.matcher(line);
            Matcher type = TYPE.matcher(line);
            if (heading.matches()) {
                current = heading.group(1);
                listed.put(current, new TreeSet<>());
            } else if (type.matches()) {
                listed.get(current).add(type.group(1));
            }
        }
        return listed;
    }

    private static ModuleReference module(Class<?> type) throws Exception {
        Path place =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<ModuleReference> modules = ModuleFinder.of(place).findAll();
        assertThat(modules).hasSize(1);
        ModuleReference module = modules.iterator().next();
        assertThat(module.descriptor().isAutomatic()).isFalse();
        return module;
    }

    /** Public types of the packages that a module exports to everyone. */
    private static Map<String, Set<String>> exported(ModuleReference module) throws Exception {
        Map<String, Set<String>> packages = new TreeMap<>();
        for (ModuleDescriptor.Exports exports : module.descriptor().exports()) {
            if (!exports.isQualified()) {
                packages.put(exports.source(), new TreeSet<>());
            }
        }
        try (ModuleReader reader = module.open()) {
            for (String file : reader.list().toList()) {
                int end = file.lastIndexOf('/');
                String packageName = file.substring(0, Math.max(0, end)).replace('/', '.');
                if (file.endsWith(".class") && packages.containsKey(packageName)) {
                    Class<?> type = Class.forName(
                            file.substring(0, file.length() - 6).replace('/', '.'),
                            false,
                            Tokenizer.class.getClassLoader());
                    if (isPublic(type)) {
                        packages.get(packageName).add(type.getCanonicalName().substring(packageName.length() + 1));
                    }
                }
            }
        }
        return packages;
    }

    private static boolean isPublic(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }
}
