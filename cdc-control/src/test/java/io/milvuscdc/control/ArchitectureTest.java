// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.milvuscdc.connectors.source.SourceChannels;

/** What may use what in this module. */
@AnalyzeClasses(
        packages = "io.milvuscdc.control",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.milvuscdc.control.(*)..").should().beFreeOfCycles();

    // but for the one record that says where the source's channels are
    @ArchTest
    static final ArchRule KNOWS_NOTHING_OF_SOURCE_AND_SINK =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "io.milvuscdc.connectors.source..",
                                            "io.milvuscdc.connectors.sink..",
                                            "io.milvuscdc.connectors.message..")
                                    .and(not(type(SourceChannels.class))));

    @ArchTest
    static final ArchRule ONLY_THE_CLUSTER_KNOWS_FLINKS_RUNTIME =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.milvuscdc.control.cluster..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink.runtime..", "org.apache.flink.streaming..");

    @ArchTest
    static final ArchRule ONLY_MAIN_ENDS_THE_PROCESS =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("Main")
                    .should()
                    .callMethod(System.class, "exit", int.class);
}
