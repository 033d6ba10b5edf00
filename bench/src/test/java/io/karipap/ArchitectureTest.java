package io.karipap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dependencies point one way. */
@AnalyzeClasses(packages = "io.karipap", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Every layer and what it may use, from the bottom up; a layer is the package of its name with all below it. */
    private static final Map<String, List<String>> MAY_USE = layers(
            "tokenizer:",
            "kernels:",
            "format: kernels",
            "network: format kernels",
            "model: network format kernels",
            "grammar: tokenizer",
            "generate: grammar model network format kernels tokenizer",
            "directory: network format kernels",
            "evaluate: model network format kernels tokenizer",
            "server: generate grammar model network format kernels tokenizer",
            // compressor
            "linalg:",
            "tensor: linalg",
            "trg: tensor linalg",
            "operator: trg tensor linalg model network format kernels",
            "environment: operator trg tensor linalg directory evaluate model network format kernels tokenizer",
            "ansatz: environment operator trg tensor linalg network format kernels",
            "code: environment operator trg tensor linalg network format kernels",
            "budget: ansatz code environment operator linalg directory model network format kernels",
            "compress: budget ansatz code environment operator linalg directory evaluate model network format kernels"
                    + " tokenizer",
            "profile: ansatz environment operator linalg",
            "export: operator linalg directory model network format kernels tokenizer",
            "train: operator linalg directory model network format kernels tokenizer",
            // commands
            "cli.option: server generate grammar evaluate directory model network format kernels tokenizer",
            "cli.compress: cli cli.option compress profile export train budget ansatz code environment linalg server generate"
                    + " evaluate directory model network format kernels tokenizer",
            "cli: cli.option server generate grammar evaluate directory model network format kernels tokenizer",
            "bench: *");

    private static Map<String, List<String>> layers(String... lines) {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(":", 2);
            layers.put(
                    parts[0],
                    parts[1].isBlank() ? List.of() : List.of(parts[1].trim().split(" ")));
        }
        return layers;
    }

    private static String[] packages(String layer) {
        // the command line has packages of two kinds: those below it are layers of their own
        return layer.equals("cli") ? new String[] {"io.karipap.cli"} : new String[] {"io.karipap." + layer + ".."};
    }

    @ArchTest
    static void dependenciesPointDown(JavaClasses classes) {
        LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String layer : MAY_USE.keySet()) {
            architecture = architecture.layer(layer).definedBy(packages(layer));
        }
        for (Map.Entry<String, List<String>> layer : MAY_USE.entrySet()) {
            List<String> used = layer.getValue();
            if (used.isEmpty()) {
                architecture = architecture.whereLayer(layer.getKey()).mayNotAccessAnyLayer();
            } else if (!used.contains("*")) {
                architecture = architecture.whereLayer(layer.getKey()).mayOnlyAccessLayers(used.toArray(String[]::new));
            }
        }
        architecture.check(classes);
    }

    @ArchTest
    static void everyPackageIsInALayer(JavaClasses classes) {
        classes()
                .that()
                .resideInAPackage("io.karipap..")
                .should()
                .resideInAnyPackage(MAY_USE.keySet().stream()
                        .flatMap(layer -> Arrays.stream(packages(layer)))
                        .toArray(String[]::new))
                .check(classes);
    }

    @ArchTest
    static final ArchRule THE_EMBEDDABLE_PART_NEEDS_JACKSON_ONLY = classes()
            .that()
            .resideInAnyPackage(
                    "io.karipap.tokenizer..",
                    "io.karipap.kernels..",
                    "io.karipap.format..",
                    "io.karipap.network..",
                    "io.karipap.model..",
                    "io.karipap.grammar..",
                    "io.karipap.generate..")
            .and()
            .resideOutsideOfPackage("io.karipap.tokenizer.chat..") // optional, with its own library
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "jdk.incubator.vector..", "tools.jackson..", "io.karipap..");

    @ArchTest
    static final ArchRule ONLY_KERNELS_USE_THE_VECTOR_API = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.karipap.kernels..", "io.karipap.bench..") // the limits of the machine are measured there
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    @ArchTest
    static final ArchRule NO_STATIC_MUTABLE_STATE = fields().that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("..jmh_generated..")
            .and()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.karipap..")
            .should()
            .haveModifier(JavaModifier.FINAL)
            .as("static fields should be final");

    @ArchTest
    static final ArchRule NAMES_SAY_SOMETHING = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl");
}
