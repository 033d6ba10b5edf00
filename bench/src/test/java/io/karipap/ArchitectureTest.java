package io.karipap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dependencies point one way. */
@AnalyzeClasses(packages = "io.karipap", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Every layer and what it may use, from the bottom up; a layer is the package of its name with all below it. */
    private static final Map<String, List<String>> MAY_USE = layers(
            "json:",
            "tokenizer: json",
            "kernels:",
            "format: kernels tokenizer json",
            "network: format kernels json",
            "model: network format kernels json",
            "grammar: tokenizer json",
            "load: model network format kernels tokenizer json",
            "generate: grammar load model network format kernels tokenizer json",
            "chat: generate grammar tokenizer json",
            "directory: network format kernels tokenizer json",
            "evaluate: model network format kernels tokenizer json",
            "server: chat generate grammar tokenizer json",
            // compressor
            "linalg:",
            "tensor: linalg",
            "trg: tensor linalg",
            "operator: trg tensor linalg model network format kernels json",
            "environment: operator trg tensor linalg directory evaluate model network format kernels tokenizer json",
            "ansatz: environment operator trg tensor linalg network format kernels",
            "code: environment operator trg tensor linalg network format kernels",
            "budget: ansatz code environment operator linalg directory model network format kernels json",
            "compress: budget ansatz code environment operator linalg directory evaluate model network format kernels"
                    + " tokenizer json",
            "profile: ansatz environment operator linalg json",
            "export: operator linalg directory model network format kernels tokenizer json",
            "train: operator linalg directory model network format kernels tokenizer json",
            // commands
            "hub: json",
            "cli.option: hub load server chat generate grammar evaluate directory model network format kernels tokenizer json",
            "cli.compress: cli cli.option compress profile export train budget ansatz code environment linalg server generate"
                    + " load evaluate directory model network format kernels tokenizer json",
            "cli: hub cli.option load server chat generate grammar evaluate directory model network format kernels tokenizer json",
            "testing: *",
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
    static final ArchRule KERNELS_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("data and interface")
            .definedBy("io.karipap.kernels")
            .layer("scalar")
            .definedBy("io.karipap.kernels.scalar")
            .layer("vector")
            .definedBy("io.karipap.kernels.vector")
            .layer("choice")
            .definedBy("io.karipap.kernels.choice")
            .whereLayer("data and interface")
            .mayNotAccessAnyLayer()
            .whereLayer("scalar")
            .mayOnlyAccessLayers("data and interface")
            .whereLayer("vector")
            .mayOnlyAccessLayers("scalar", "data and interface")
            .whereLayer("choice")
            .mayOnlyBeAccessedByLayers("choice");

    /** Every class of the kernels, with those nested in it, is a slice of its own; a closed set is one slice with what it permits. */
    @ArchTest
    static final ArchRule NOTHING_IN_KERNELS_POINTS_BACK = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    if (!type.getPackageName().startsWith("io.karipap.kernels")) {
                        return SliceIdentifier.ignore();
                    }
                    String name = type.getName().replaceAll("\\$.*", "");
                    return SliceIdentifier.of(name.endsWith("KvBlock") ? "io.karipap.kernels.KvBlock" : name);
                }

                @Override
                public String getDescription() {
                    return "classes of kernels";
                }
            })
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule PUBLIC_METHODS_TAKE_AT_MOST_SIX_PARAMETERS = noMethods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("..jmh_generated..")
            .should()
            .haveRawParameterTypes(DescribedPredicate.describe(
                    "more than six", (List<JavaClass> parameters) -> parameters.size() > 6));

    @ArchTest
    static final ArchRule KERNELS_TAKE_AT_MOST_SIX_PARAMETERS = noCodeUnits()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.karipap.kernels..")
            .should()
            .haveRawParameterTypes(DescribedPredicate.describe(
                    "more than six", (List<JavaClass> parameters) -> parameters.size() > 6));

    @ArchTest
    static final ArchRule THE_EMBEDDABLE_PART_NEEDS_JACKSON_ONLY = classes()
            .that()
            .resideInAnyPackage(
                    "io.karipap.json..",
                    "io.karipap.tokenizer..",
                    "io.karipap.load..",
                    "io.karipap.kernels..",
                    "io.karipap.format..",
                    "io.karipap.network..",
                    "io.karipap.model..",
                    "io.karipap.grammar..",
                    "io.karipap.generate..")
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
