// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may know what. */
@AnalyzeClasses(packages = "io.milvuscdc.connectors", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLE =
            slices().matching("io.milvuscdc.connectors.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_WIRE_FORMAT_KNOWS_NOTHING_OF_FLINK =
            noClasses()
                    .that()
                    .resideInAnyPackage("..message..", "..catalogue..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule SOURCE_AND_SINK_MEET_IN_THE_JOB_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("..source..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..sink..", "..target..");

    @ArchTest
    static final ArchRule NOBODY_ENDS_THE_PROCESS =
            noClasses().should().callMethod(System.class, "exit", int.class);
}
