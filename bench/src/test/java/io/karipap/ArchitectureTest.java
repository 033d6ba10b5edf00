package io.karipap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
            .layer("bench")
            .definedBy("io.karipap.bench..")
            .layer("cli")
            .definedBy("io.karipap.cli..")
            .whereLayer("tokenizer")
            .mayNotAccessAnyLayer()
            .whereLayer("kernels")
            .mayNotAccessAnyLayer()
            .whereLayer("format")
            .mayOnlyAccessLayers("kernels", "tokenizer")
            .whereLayer("network")
            .mayOnlyAccessLayers("format", "kernels")
            .whereLayer("model")
            .mayOnlyAccessLayers("network", "format", "kernels")
            .whereLayer("grammar")
            .mayOnlyAccessLayers("tokenizer")
            .whereLayer("generate")
            .mayOnlyAccessLayers("grammar", "model", "network", "format", "kernels", "tokenizer")
            .whereLayer("directory")
            .mayOnlyAccessLayers("network", "format", "kernels")
            .whereLayer("evaluate")
            .mayOnlyAccessLayers("model", "network", "format", "kernels", "tokenizer")
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
                    "tokenizer")
            .whereLayer("train")
            .mayOnlyAccessLayers(
                    "directory", "ansatz", "tensor", "linalg", "model", "network", "format", "kernels", "tokenizer")
            .whereLayer("server")
            .mayOnlyAccessLayers("generate", "grammar", "model", "network", "format", "kernels", "tokenizer")
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("bench");

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
