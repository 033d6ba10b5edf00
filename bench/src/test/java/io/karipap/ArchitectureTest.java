package io.karipap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;

/** Dependencies point one way. */
@AnalyzeClasses(packages = "io.karipap", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("tokenizer")
            .definedBy("io.karipap.tokenizer..")
            .layer("kernels")
            .definedBy("io.karipap.kernels..")
            .layer("format")
            .definedBy("io.karipap.format..")
            .layer("network")
            .definedBy("io.karipap.network..")
            .layer("model")
            .definedBy("io.karipap.model..")
            .layer("grammar")
            .definedBy("io.karipap.grammar..")
            .layer("json")
            .definedBy("io.karipap.json..")
            .layer("load")
            .definedBy("io.karipap.load..")
            .layer("generate")
            .definedBy("io.karipap.generate..")
            .layer("directory")
            .definedBy("io.karipap.directory..")
            .layer("evaluate")
            .definedBy("io.karipap.evaluate..")
            .layer("linalg")
            .definedBy("io.karipap.linalg..")
            .layer("tensor")
            .definedBy("io.karipap.tensor..")
            .layer("trg")
            .definedBy("io.karipap.trg..")
            .layer("ansatz")
            .definedBy("io.karipap.ansatz..")
            .layer("compress")
            .definedBy("io.karipap.compress..")
            .layer("train")
            .definedBy("io.karipap.train..")
            .layer("server")
            .definedBy("io.karipap.server..")
            .layer("hub")
            .definedBy("io.karipap.hub..")
            .layer("bench")
            .definedBy("io.karipap.bench..")
            .layer("cli")
            .definedBy("io.karipap.cli..")
            .whereLayer("json")
            .mayNotAccessAnyLayer()
            .whereLayer("tokenizer")
            .mayOnlyAccessLayers("json")
            .whereLayer("kernels")
            .mayNotAccessAnyLayer()
            .whereLayer("format")
            .mayOnlyAccessLayers("kernels", "json")
            .whereLayer("network")
            .mayOnlyAccessLayers("format", "kernels", "json")
            .whereLayer("model")
            .mayOnlyAccessLayers("network", "format", "kernels", "json")
            .whereLayer("grammar")
            .mayOnlyAccessLayers("tokenizer", "json")
            .whereLayer("load")
            .mayOnlyAccessLayers("model", "network", "format", "kernels", "tokenizer", "json")
            .whereLayer("generate")
            .mayOnlyAccessLayers("grammar", "load", "model", "network", "format", "kernels", "tokenizer")
            .whereLayer("directory")
            .mayOnlyAccessLayers("network", "format", "kernels")
            .whereLayer("evaluate")
            .mayOnlyAccessLayers("model", "network", "format", "kernels", "tokenizer", "json")
            .whereLayer("linalg")
            .mayNotAccessAnyLayer()
            .whereLayer("tensor")
            .mayOnlyAccessLayers("linalg")
            .whereLayer("trg")
            .mayOnlyAccessLayers("tensor", "linalg")
            .whereLayer("ansatz")
            .mayOnlyAccessLayers("trg", "tensor", "linalg", "network", "format")
            .whereLayer("compress")
            .mayOnlyAccessLayers(
                    "directory",
                    "evaluate",
                    "ansatz",
                    "trg",
                    "tensor",
                    "linalg",
                    "generate",
                    "model",
                    "network",
                    "format",
                    "kernels",
                    "tokenizer",
                    "json")
            .whereLayer("train")
            .mayOnlyAccessLayers(
                    "directory",
                    "ansatz",
                    "tensor",
                    "linalg",
                    "model",
                    "network",
                    "format",
                    "kernels",
                    "tokenizer",
                    "json")
            .whereLayer("server")
            .mayOnlyAccessLayers("generate", "grammar", "tokenizer", "json")
            .whereLayer("hub")
            .mayOnlyAccessLayers("json")
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("bench");

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
